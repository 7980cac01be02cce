"""Two runs at once, while twenty readers open the warehouse anew all the time across ten swaps."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tests.asking import wait_for
from tests.faults.cases import Case, few_or_many
from tests.forked_runs import forking
from tests.kept import REPOSITORY
from tests.runs import GDP

pytestmark = pytest.mark.torture

READERS = 20
# each opens the file anew, asks whether it is one run's and whole, and tells how many it has seen
READER = """
import json, os, pathlib, sys, time
import duckdb
path, stop, parent = sys.argv[1], pathlib.Path(sys.argv[2]), os.getppid()
opened, seen, last = 0, set(), 0
while not stop.exists() and os.getppid() == parent:
    began = time.monotonic()
    with duckdb.connect(path, read_only=True, config={"threads": 1}) as con:
        runs, unfinished, said, there = con.execute(
            "select count(*), count(*) filter (finished_at is null),"
            " (select sum(rows_accepted) from ledger.submission where form = 'gdp'),"
            " (select count(*) from core.observation) from ledger.run").fetchone()
        if runs != last:  # the views take longer: once a run
            assert con.execute("select count(*) from metrics.headline").fetchone()[0], "no figures"
    assert unfinished == 0, "a run that has not finished is seen"
    assert said == there, f"{said} rows by the ledger, {there} are there"
    assert runs >= last, "readers went back"
    if runs != last:
        stop.with_name(f"{os.getpid()}.seen").write_text(str(runs))
    last = runs
    opened += 1
    seen.add(runs)
    time.sleep(20 * (time.monotonic() - began))  # twenty readers keep one core busy, not more
print(json.dumps([opened, sorted(seen)]))
"""


def test_two_runs_at_once_and_twenty_readers(begin: Callable[..., Case], tmp_path: Path) -> None:
    case, stop = begin(), tmp_path / "stop"
    swaps = few_or_many(10, 40)
    database = case.warehouse / "jibao.duckdb"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(database), str(stop)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(READERS)
    ]
    try:
        with forking(REPOSITORY) as other, ThreadPoolExecutor(2) as pool:
            done = runs_of(database)
            first, number, states = done, 0, set()
            while done < first + swaps:
                for _ in range(2):  # a file for each of the two; whoever comes first may take both
                    number += 1
                    path = case.raw / f"150571/2022Q3/gdp.r{number + 2}.csv"
                    path.write_text(GDP.replace("3.4", f"3.{number:03}"), encoding="utf-8")
                orders = [
                    pool.submit(order, case.raw, case.warehouse)
                    for order in (case.order_run, other)
                ]
                assert [order.result(600) for order in orders] == [0, 0]
                now = runs_of(database)
                assert now > done, "a run has published"
                await_reader(tmp_path, now)
                states.add(now)
                done = now
    finally:
        stop.touch()
    told = [json.loads(reader.communicate(timeout=120)[0]) for reader in readers]
    assert all(reader.returncode == 0 for reader in readers)
    opened = sum(times for times, _ in told)
    seen = {runs for _, all_seen in told for runs in all_seen}
    print(f"{READERS} readers opened {opened} copies, of {len(seen)} runs")
    assert states <= seen, "readers saw every state that was there to be seen"
    with duckdb.connect(str(database), read_only=True) as con:
        assert (
            con.execute(
                "select count(*) from ledger.submission group by submission having count(*) > 1"
            ).fetchall()
            == []
        ), "no file was loaded twice"


def await_reader(folder: Path, runs: int) -> None:
    """Wait until a reader has seen so many runs: a slow machine must not publish past all of them."""

    def look() -> bool:
        return any(int(path.read_text() or 0) >= runs for path in folder.glob("*.seen"))

    wait_for(f"a reader of {runs} runs", look, patience_s=120)


def runs_of(database: Path) -> int:
    with duckdb.connect(str(database), read_only=True) as con:
        return int((con.execute("select count(*) from ledger.run").fetchone() or (0,))[0])
