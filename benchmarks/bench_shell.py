"""How much the shell adds: the flow, with its tasks, states and artifacts, over the same functions called one after the other.

    python benchmarks/bench_shell.py          1,000 files, three times each
    python benchmarks/bench_shell.py 200 1

The two take turns, and the best of each counts. Imports, Great Expectations' included, and the start of
Prefect's temporary server are paid before the clock starts.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from make_submissions import make_small
from trial import trial_folder

from flows import quarterly as shell
from flows.forms.catalogue import load_catalogue


def run_bare(raw: Path, warehouse: Path) -> dict[str, int]:
    """The very functions of the flow's tasks, in its order, without Prefect."""
    work = warehouse / "work"
    work.mkdir(parents=True)
    catalogue = load_catalogue()
    received = shell.find_new(raw, warehouse, shell.choose(None, None, None, raw))
    shell.receiving.write_manifest(raw, received.manifest_lines)
    summary = shell.RunSummary(
        f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}-bare", files=len(received.new)
    )
    batches = [
        shell.Batch(code, folder, "")
        for code, folder in shell.receiving.hand_over(received, work / "run").items()
    ]
    for batch in batches:
        if form := catalogue.get(batch.code):
            shell.read.fn(form, batch, raw)
            shell.validate.fn(form, batch, work / "gx")
    if compare := getattr(shell, "compare", None):
        batches = compare.fn(batches, raw, warehouse, work)
    for batch in batches:
        summary.replies += shell.reply.fn(batch, raw, warehouse / "replies")
        summary.count(batch.folder)
    run_file = work / "run" / "jibao.duckdb"
    shell.open_copy.fn(warehouse, run_file, False)
    shell.load_decisions(raw, run_file, summary.run)
    for batch in batches:
        shell.load.fn(catalogue.get(batch.code), batch, run_file, summary.run)
    shell.build.fn(run_file, raw, summary)
    shell.find_waiting(run_file)
    shell.write_receipts(run_file, raw, warehouse / "replies")
    shell.write_data_docs.fn(work / "gx", warehouse / "data_docs")
    shell.publishing.publish(run_file, warehouse)
    shutil.rmtree(work)
    return summary.statuses


def main(files: int = 1_000, times: int = 3) -> None:
    """Make the files, time both sides, print what the shell adds."""
    with trial_folder() as home:
        made = make_small(home / "raw", files)
        bare: list[float] = []
        whole: list[float] = []
        for _ in range(times):
            bare.append(_time(lambda: run_bare(home / "raw", home / "warehouse"), home))
            whole.append(_time(lambda: shell.quarterly(home / "raw", home / "warehouse"), home))
        added = (min(whole) / min(bare) - 1) * 100
        print(
            f"| {made:,} submissions | bare functions {min(bare):.2f} s | the flow {min(whole):.2f} s | {added:+.1f} % |"
        )


def _time(work: Callable[[], object], home: Path) -> float:
    shutil.rmtree(home / "warehouse", ignore_errors=True)
    (home / "raw" / "manifest.csv").unlink(missing_ok=True)
    started = time.process_time() if os.environ.get("BENCH_CPU") else time.perf_counter()
    work()
    return (time.process_time() if os.environ.get("BENCH_CPU") else time.perf_counter()) - started


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
