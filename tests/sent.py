"""The submissions that the repository brings, as they were sent; not the archive that a run keeps beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

RAW = Path(__file__).resolve().parents[1] / "raw"
_ARCHIVE = RAW / "archive"
SENT = sorted(p for p in RAW.glob("*/*/*") if p.is_file() and _ARCHIVE not in p.parents)
SENT_PATHS = [p.relative_to(RAW).as_posix() for p in SENT]


def copy_sent(folder: Path) -> None:
    """A `raw/` in `folder`, as a fresh clone has it."""
    shutil.copytree(RAW, folder, ignore=shutil.ignore_patterns("archive"))
