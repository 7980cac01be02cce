"""Noun: zones, the areas that submissions are for. The package knows some, an office adds its own.

In: `sql/reference/zone.csv`, and `zone.csv` beside the submissions where there is one, with the
    same
columns (only `zone`, `title_zh` and `title_en` have to be filled). Out: one list of both. Its text
goes into the fingerprint of what was built: a zone that is added or renamed makes the views anew.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

from flows import SQL_DIR

OWN_ZONES = "zone.csv"  # in the folder of submissions
ZONE_FIELDS = ("zone", "title_zh", "title_en", "kind", "parent", "note_zh", "note_en")
_ASKED = ("zone", "title_zh", "title_en")
_USUAL_KIND, _USUAL_PARENT = "development_zone", "CN"


Zones = dict[str, dict[str, str]]  # by code, as in sql/reference/zone.csv


def load_zones(raw: Path | None = None) -> list[dict[str, str]]:
    """Every zone, those of `raw` last. Raises ValueError saying how to mend the office's own list."""
    with (SQL_DIR / "reference" / OWN_ZONES).open(encoding="utf-8") as source:
        zones = list(csv.DictReader(source))
    known = {zone["zone"] for zone in zones}
    for line, zone in enumerate(_open_own(raw), start=2):
        place = f"{raw}/{OWN_ZONES}, line {line}"
        if empty := [name for name in _ASKED if not zone[name]]:
            raise ValueError(
                f"{place}: {', '.join(empty)} is empty; write the zone's code and its name in Chinese and English"
            )
        if not re.fullmatch(r"[0-9A-Za-z]+", zone["zone"]):
            raise ValueError(
                f"{place}: “{zone['zone']}” is no code of a zone; use digits and letters alone, it is the name of a folder"
            )
        if zone["zone"] in known:
            raise ValueError(
                f"{place}: zone {zone['zone']} is there already; give every zone one line, here or in the package"
            )
        known.add(zone["zone"])
        zones.append(
            zone | {"kind": zone["kind"] or _USUAL_KIND, "parent": zone["parent"] or _USUAL_PARENT}
        )
    return zones


def known_zones(raw: Path | None = None) -> set[str]:
    """The codes of every zone."""
    return {zone["zone"] for zone in load_zones(raw)}


def fingerprint_zones(raw: Path | None) -> str:
    """Changes with the office's own list; empty where it has none."""
    path = raw / OWN_ZONES if raw else None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path and path.exists() else ""


def _open_own(raw: Path | None) -> list[dict[str, str]]:
    path = raw / OWN_ZONES if raw else None
    if path is None or not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            lines = csv.DictReader(source)
            if not set(_ASKED) <= set(lines.fieldnames or ()):
                raise ValueError(f"its columns are {','.join(lines.fieldnames or ())}")
            return [
                {name: (line.get(name) or "").strip() for name in ZONE_FIELDS} for line in lines
            ]
    except (UnicodeDecodeError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read as a list of zones ({error}): it has the columns {','.join(ZONE_FIELDS)}, "
            "of which the first three are asked for, and is saved as UTF-8"
        ) from error
