"""Time the flow beside a bare DuckDB script doing the same reading, checking and loading, in one run.

    make bench                         1,000,000 rows and 1,000 files
    python benchmarks/bench.py 100000 100

Imports and the start of Prefect's temporary server are paid before the clock starts, on both sides.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from bare_duckdb import run_register, run_small
from make_submissions import make_register, make_small
from trial import trial_folder

from flows.quarterly import quarterly


def main(rows: int = 1_000_000, files: int = 1_000) -> None:
    """Make the files, time both sides three times, print the best of each."""
    with trial_folder() as home:
        register = make_register(home / "register", rows)
        made = make_small(home / "small", files)
        print(
            f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}\n"
        )
        print(
            "| work | bare DuckDB, s | jibao, s | ratio | bare result | jibao result |\n| --- | --- | --- | --- | --- | --- |"
        )
        compare(
            f"{rows:,}-row register",
            home / "register",
            lambda target: run_register(register, target),
            home,
        )
        compare(
            f"{made:,} submissions",
            home / "small",
            lambda target: run_small(home / "small", target),
            home,
        )


def compare(what: str, raw: Path, bare: Callable[[Path], dict[str, int]], home: Path) -> None:
    """One line of the table; the two sides take turns."""
    bare_times, our_times, theirs, ours = [], [], {}, {}
    for _ in range(3):
        target = home / "bare.duckdb"
        target.unlink(missing_ok=True)
        started = time.perf_counter()
        theirs = bare(target)
        bare_times.append(time.perf_counter() - started)
        warehouse = home / "warehouse"
        shutil.rmtree(warehouse, ignore_errors=True)
        started = time.perf_counter()
        summary = quarterly(raw, warehouse)
        our_times.append(time.perf_counter() - started)
        ours = {k: v for k, v in summary.rows.items() if k != "read"} | {
            "broken": sum(summary.findings.values()) - summary.findings.get("unchecked", 0)
        }
    print(
        f"| {what} | {min(bare_times):.2f} | {min(our_times):.2f} | {min(our_times) / min(bare_times):.2f} | {theirs} | {ours} |",
        flush=True,
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
