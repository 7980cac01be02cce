"""Noun: arrivals, files that come into `raw/`, and whether they are whole yet.

In: paths that a watcher noticed. Out: those whose size and time have stood still for a while, so
    that
a file that is still being copied is left until all of it is there. A workbook has also to be a
complete
archive; one that never becomes one is let through in the end, to be judged and answered as a bad
file.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_UNFINISHED = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
    ".lock",
)
_ARCHIVES = (".xlsx", ".xlsm", ".ods")
_GIVE_UP_S = 600  # an archive that is not whole after ten quiet minutes will not become so


def is_unfinished(path: Path) -> bool:
    """Whether the name says that the file is on its way: programs rename it when all of it is
    there.
    """
    return path.suffix.lower() in _UNFINISHED


def is_submission(raw: Path, path: Path) -> bool:
    """Whether a path can be a submission at all: no lock file, no half of a download, nothing at
    the
    top of `raw`.
    """
    inside = path.relative_to(raw).parts if path.is_relative_to(raw) else ()
    hidden = any(part.startswith((".", "~$")) for part in inside)
    return len(inside) > 1 and not hidden and not is_unfinished(path) and path.is_file()


@dataclass
class Arrivals:
    """Files that were noticed, until they stand still."""

    raw: Path
    still_seconds: float
    _seen: dict[Path, tuple[int, int, float]] = field(
        default_factory=dict
    )  # size, time of change, since when

    def notice(self, paths: Iterable[Path]) -> None:
        """Something happened to these."""
        for path in paths:
            if path not in self._seen and is_submission(self.raw, path):
                self._seen[path] = (-1, -1, time.monotonic())

    def take_settled(self) -> list[Path]:
        """Those that are whole now; they are not given again unless they are noticed again."""
        settled = []
        for path, (size, changed, since) in list(self._seen.items()):
            try:
                now = path.stat()
            except OSError:  # gone again: renamed or taken away
                del self._seen[path]
                continue
            if (now.st_size, now.st_mtime_ns) != (size, changed):
                self._seen[path] = (now.st_size, now.st_mtime_ns, time.monotonic())
                continue
            quiet = time.monotonic() - since
            if quiet >= self.still_seconds and (is_whole(path) or quiet >= _GIVE_UP_S):
                del self._seen[path]
                settled.append(path)
        return sorted(settled)

    @property
    def waiting(self) -> int:
        """How many are not whole yet."""
        return len(self._seen)


def is_whole(path: Path) -> bool:
    """Whether a file that stands still can be all of itself: not empty, and complete where it is an
    archive.
    """
    try:
        if path.stat().st_size == 0:
            return False
        return path.suffix.lower() not in _ARCHIVES or zipfile.is_zipfile(path)
    except OSError:
        return False


def recent(raw: Path, seconds: float) -> list[Path]:
    """Files that came or changed within so many seconds: what a watcher that was not there would
    have
    noticed.
    """
    since = time.time() - seconds
    return [path for path in raw.rglob("*") if path.is_file() and path.stat().st_ctime >= since]
