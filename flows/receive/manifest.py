"""The manifest of `raw/`: path, sha256, bytes, sender and time of receipt of every file."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from flows.model.whole_file import write_lines

MANIFEST = "manifest.csv"

_FIELDS = ("path", "sha256", "bytes", "sender", "received_at")


def write_manifest(raw: Path, lines: list[dict[str, str]]) -> None:
    """Add lines to the manifest in one atomic step."""
    if not lines:
        return
    path = raw / MANIFEST
    known = [line for of_path in _open_manifest(raw).values() for line in of_path]
    ordered = sorted([*known, *lines], key=lambda line: (line["path"], line["received_at"]))
    write_lines(path, _FIELDS, ordered)


def _open_manifest(raw: Path) -> dict[str, list[dict[str, str]]]:
    path = raw / MANIFEST
    lines: dict[str, list[dict[str, str]]] = {}
    if not path.exists():
        return lines
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            for line in csv.DictReader(source):
                lines.setdefault(line["path"], []).append(
                    {name: line[name] or "" for name in _FIELDS}
                )
    except (UnicodeDecodeError, KeyError) as error:
        raise ValueError(
            f"{path} cannot be read as the manifest ({error}): it has the columns "
            f"{','.join(_FIELDS)} and is saved as UTF-8; "
            "if a spreadsheet program has saved it, take it back from version control or the backup"
        ) from error
    return lines


def _is_time(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
