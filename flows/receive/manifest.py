"""The manifest of `raw/`: path, sha256, bytes, sender and time of receipt of every file that came.

A line is what was received: the content by its digest, kept in the archive. It is added once and
never changed, whatever becomes of the file under `raw/`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.model.clock import read_moment
from flows.model.whole_file import open_lines, write_lines

MANIFEST = "manifest.csv"

_FIELDS = ("path", "sha256", "bytes", "sender", "received_at")


@dataclass(frozen=True)
class ManifestLine:
    """A file as it came. `received_at` as it stands in the manifest; `moment` is what it means."""

    path: str
    sha256: str
    bytes: str
    sender: str
    received_at: str

    @property
    def moment(self) -> dt.datetime:
        """When it was received, with its offset."""
        return read_moment(self.received_at)


def open_manifest(raw: Path) -> dict[str, list[ManifestLine]]:
    """The lines by path, in the order in which they came.

    Raises ValueError naming the line where one cannot be read: a time of receipt is never guessed.
    """
    by_path: dict[str, list[ManifestLine]] = {}
    for number, cells in (
        (line.number, line.cells) for line in open_lines(raw / MANIFEST, _FIELDS)
    ):
        line = ManifestLine(**cells)
        problem = _problem_of(line)
        if problem:
            raise ValueError(f"{raw / MANIFEST}，第 {number} 行 line {number}: {problem}")
        by_path.setdefault(line.path, []).append(line)
    return {path: sorted(lines, key=lambda line: line.moment) for path, lines in by_path.items()}


def _problem_of(line: ManifestLine) -> str | None:
    """What is wrong with a line, in zh and en; None where nothing is."""
    if not line.path:
        return "path 为空 is empty; write the file's path below raw/"
    if not re.fullmatch(r"[0-9a-f]{64}", line.sha256):
        return (
            f"sha256 “{line.sha256}” 不是 64 位十六进制数 is not 64 hexadecimal digits; "
            "take the line back from version control or the backup"
        )
    if not re.fullmatch(r"[0-9]{0,15}", line.bytes):
        return (
            f"bytes “{line.bytes}” 不是字节数 is no number of bytes; "
            "write the size of the file in figures, or leave it empty"
        )
    try:
        line.moment  # noqa: B018 - it is read to see whether it can be
    except ValueError:
        return (
            f"received_at “{line.received_at}” 不是时间，应写作 2022-10-20T09:00:00+08:00 "
            "is no moment; write when the file came, e.g. 2022-10-20T09:00:00+08:00"
        )
    return None


def write_manifest(raw: Path, lines: Iterable[ManifestLine]) -> None:
    """Add lines to the manifest in one atomic step; those that stand there are kept as they are."""
    added = list(lines)
    if not added:
        return
    there = [line for of_path in open_manifest(raw).values() for line in of_path]
    # a stable sort: of two contents that one path had in the same second, the first stays first
    ordered = sorted([*there, *added], key=lambda line: (line.path, line.moment))
    write_lines(raw / MANIFEST, _FIELDS, map(asdict, ordered))
