"""Zones, the areas that submissions are for: the package knows some, an office adds its own.

`sql/reference/zone.csv`, and `zone.csv` beside the submissions where there is one, with the same
columns (only `zone`, `title_zh` and `title_en` have to be filled), give one list. Its text goes
into the fingerprint of what was built: a zone that is added or renamed makes the views anew.
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

from flows import SQL_DIR
from flows.model.whole_file import open_lines

OWN_ZONES = "zone.csv"  # in the folder of submissions
ZONE_FIELDS = ("zone", "title_zh", "title_en", "kind", "parent", "note_zh", "note_en")
_ASKED = ("zone", "title_zh", "title_en")
_USUAL_KIND, _USUAL_PARENT = "development_zone", "CN"


Zones = dict[str, dict[str, str]]  # by code, as in sql/reference/zone.csv


def load_zones(raw: Path | None = None) -> list[dict[str, str]]:
    """Every zone, those of `raw` last.

    Raises ValueError saying how to mend the office's own list.
    """
    with (SQL_DIR / "reference" / OWN_ZONES).open(encoding="utf-8") as source:
        zones = list(csv.DictReader(source))
    codes = {zone["zone"] for zone in zones}
    parents: dict[str, str] = {}  # by the line that names it; it may stand below
    own = open_lines(raw / OWN_ZONES, _ASKED, ZONE_FIELDS[len(_ASKED) :]) if raw else []
    for line in own:
        # a name is a line, and stands in one everywhere; a cell of a sheet may break it
        zone = {name: " ".join(cell.split()) for name, cell in line.cells.items()}
        place = f"{raw}/{OWN_ZONES}，第 {line.number} 行 line {line.number}"
        if empty := [name for name in _ASKED if not zone[name]]:
            raise ValueError(
                f"{place}：{'、'.join(empty)} 为空，请写明代码和中英文名称 · "
                f"{', '.join(empty)} is empty; write the zone's code and its name in "
                "Chinese and English"
            )
        # a digit or a capital: `published/` has folders of its own, `public` and `headline`
        if not re.fullmatch(r"(?=.*[0-9A-Z])[0-9A-Za-z]+", zone["zone"]):
            raise ValueError(
                f"{place}：“{zone['zone']}”不能作区划代码，只用数字和字母，"
                f"至少一个数字或大写字母 · "
                f"“{zone['zone']}” is no code of a zone; use digits and letters alone, a "
                "digit or a capital among them: it is the name of a folder"
            )
        if zone["zone"] in codes:
            raise ValueError(
                f"{place}：地区 {zone['zone']} 已有，每个地区只写一行 · "
                f"zone {zone['zone']} is there already; give every zone one line, here "
                "or in the package"
            )
        codes.add(zone["zone"])
        if zone["parent"]:
            parents[place] = zone["parent"]
        zones.append(
            zone | {"kind": zone["kind"] or _USUAL_KIND, "parent": zone["parent"] or _USUAL_PARENT}
        )
    for place, parent in parents.items():
        if parent not in codes:
            raise ValueError(
                f"{place}：parent “{parent}” 不是已有的地区，请写上级地区的代码，或另加一行 · "
                f"parent “{parent}” is no zone that is known; write the code of the area above, or "
                "give it a line of its own"
            )
    return zones


def zone_titles(raw: Path | None = None) -> dict[str, str]:
    """The Chinese name of every zone, by code."""
    return {zone["zone"]: zone["title_zh"] for zone in load_zones(raw)}


def known_zones(raw: Path | None = None) -> set[str]:
    """The codes of every zone."""
    return {zone["zone"] for zone in load_zones(raw)}


def fingerprint_zones(raw: Path | None) -> str:
    """Changes with the office's own list; empty where it has none."""
    path = raw / OWN_ZONES if raw else None
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path and path.exists() else ""
