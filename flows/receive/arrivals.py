"""Files that come into `raw/` while somebody watches, and whether they are whole yet.

Of the paths that a watcher noticed, those are given whose size and time have stood still for a
while, so that a file that is still being copied is left until all of it is there. A workbook has
also to be a complete archive; one that never becomes one is let through in the end, to be judged
and answered as a bad file.
"""

from __future__ import annotations

import stat
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flows.receive.listing import is_clutter, is_own, list_entries

_ARCHIVES = (".xlsx", ".xlsm", ".ods")
_GIVE_UP_S = 600  # an archive that is not whole after ten quiet minutes will not become so


def is_submission(raw: Path, path: Path) -> bool:
    """Whether a run has a word to say of a path: no lock file, no half of a download, none of the
    office's own tables at the top of `raw`. A link is, for it gets a finding; a folder is not.
    """
    inside = path.relative_to(raw).parts if path.is_relative_to(raw) else ()
    if not inside or is_own(inside[0]) or any(map(is_clutter, inside)):
        return False
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


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
                now = path.lstat()
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
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode):  # a link or a pipe is all that it will be
            return True
        if state.st_size == 0:
            return False
        return path.suffix.lower() not in _ARCHIVES or zipfile.is_zipfile(path)
    except OSError:
        return False


def recent(raw: Path, seconds: float) -> list[Path]:
    """Files that came or changed within so many seconds: what a watcher that was not there would
    have noticed.
    """
    since = time.time() - seconds
    return [entry.place for entry in list_entries(raw).entries if _changed_at(entry.place) >= since]


def _changed_at(path: Path) -> float:
    try:
        return path.lstat().st_ctime
    except OSError:  # gone again
        return 0
