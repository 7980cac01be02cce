"""What most tests take from `raw/`: a zone's one quarter and twelve quarters of the nation, of which they know every figure.

The rest of `raw/` (back series, vintages, other zones) has tests of its own: tests/backtest/test_real_series.py.
"""

from __future__ import annotations

import shutil
from pathlib import Path

RAW = Path(__file__).resolve().parents[1] / "raw"
_MANIFEST = "manifest.csv"
_QUARTERS = [f"{year}Q{quarter}" for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4)]
SENT = sorted(
    [p for p in (RAW / "150571" / "2022Q3").iterdir() if p.is_file()]
    + [RAW / "CN" / period / "gdp.csv" for period in _QUARTERS]
    + [RAW / "CN" / period / "value_added_by_industry.csv" for period in ("2024Q1", "2024Q2")]
)
SENT_PATHS = [p.relative_to(RAW).as_posix() for p in SENT]


def sent_manifest() -> str:
    """The lines of the manifest of what is copied, below its heading."""
    heading, *lines = (RAW / _MANIFEST).read_text(encoding="utf-8").splitlines(keepends=True)
    return heading + "".join(line for line in lines if line.split(",")[0] in SENT_PATHS)


def copy_sent(folder: Path) -> None:
    """A `raw/` in `folder` with these files and their lines of the manifest."""
    for path, name in zip(SENT, SENT_PATHS, strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    (folder / _MANIFEST).write_text(sent_manifest(), encoding="utf-8")


def copy_whole(folder: Path) -> None:
    """All of `raw/` in `folder`, as a fresh clone has it; not the archive that a run keeps beside it."""
    shutil.copytree(RAW, folder, ignore=shutil.ignore_patterns("archive"))
