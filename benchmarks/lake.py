"""A lake measured: commits a second by 1, 2 and 4 committers, and growth over the file, the lake and its Parquet files.

`python benchmarks/lake.py [OBSERVATIONS]` starts a PostgreSQL of its own and makes up its figures (benchmarks/make_core.py).
A committer is a process with a share of the parcels, a few of which go into each commit.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from benchmarks.make_core import fill
from flows.build.lake_views import prepare_lake
from flows.build.step import build
from flows.forms.catalogue import load_catalogue
from flows.warehouse.database import attach_published, published_path
from flows.warehouse.lake import (
    LakeAddress,
    attach_lake,
    lake_connection,
    open_lake,
)
from flows.warehouse.lake_commit import commit, commit_published
from flows.warehouse.lake_lock import committers_lock
from flows.warehouse.lake_maintenance import find_discrepancies
from flows.warehouse.lake_parcels import list_missing, stage, stored_name
from tests.lakes import postgres

COMMITS = 24  # of a measurement, shared out among its committers
PARCELS_A_COMMIT = 10
GROWTH = """
select count(*), sum(growth) from (
    select 100 * (a.value / b.value - 1) as growth
    from {rows} as a
    inner join {rows} as b
        on a.zone = b.zone and a.indicator = b.indicator and a.industry is not distinct from b.industry
        and a.basis = b.basis and a.form = b.form and right(a.submission, 3) = right(b.submission, 3)
        and left(b.period, 4)::integer = left(a.period, 4)::integer - 1 and right(a.period, 2) = right(b.period, 2)
    where b.value <> 0
)
"""


def measure(observations: int) -> None:
    """All of it, as lines of tables."""
    with tempfile.TemporaryDirectory(prefix="jibao-lake-") as home, postgres() as catalogue:
        warehouse = Path(home) / "warehouse"
        warehouse.mkdir()
        file = published_path(warehouse)
        fill(file, observations, observations // 20, "4GB")
        build(file, load_catalogue())
        for committers in (1, 2, 4):
            address = make(home, catalogue, f"by_{committers}", file)
            tell_commits(address, warehouse, committers)
        address = make(home, catalogue, "whole", file)
        started = time.perf_counter()
        parcels, commits = commit_published(address, parcels_a_commit=2000)
        print(
            f"all of it: {parcels} parcels in {commits} commits, {time.perf_counter() - started:.1f} s"
        )
        tell_growth(address, file)


def make(home: str, catalogue: str, name: str, file: Path) -> LakeAddress:
    """A new lake."""
    address = LakeAddress(catalogue, f"{home}/{name}", name, local=file.parent)
    prepare_lake(address, file, load_catalogue(), None)
    return address


def tell_commits(address: LakeAddress, warehouse: Path, committers: int) -> None:
    """A line: commits a second of so many processes."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(committers + 1)
    processes = [
        context.Process(target=commit_share, args=(address, warehouse, n, committers, ready))
        for n in range(committers)
    ]
    for process in processes:
        process.start()
    ready.wait()
    started = time.perf_counter()
    for process in processes:
        process.join()
    took = time.perf_counter() - started
    with open_lake(address) as con:
        [(parcels,)] = con.execute("select count(*) from parcel.register").fetchall()
        assert (parcels, find_discrepancies(con)) == (COMMITS * PARCELS_A_COMMIT, [])
    print(f"| {committers} | {COMMITS / took:.2f} | {parcels / took:.0f} |", flush=True)


def commit_share(
    address: LakeAddress, warehouse: Path, number: int, committers: int, ready: Any
) -> None:
    """A committer: stages and commits its share."""
    with committers_lock(address) as lock, lake_connection(address) as con:
        con.execute("set enable_progress_bar = false")
        attach_published(con, warehouse)
        attach_lake(con, address, access="write")
        missing = list_missing(con, "office")[: COMMITS * PARCELS_A_COMMIT]
        ready.wait()
        for start in range(number * PARCELS_A_COMMIT, len(missing), committers * PARCELS_A_COMMIT):
            batch = stage(con, address, missing[start : start + PARCELS_A_COMMIT])
            with lock():
                commit(con, batch, "office")
            batch.remove()


def tell_growth(address: LakeAddress, file: Path) -> None:
    """Lines: growth over the year of all observations, and the view, by where the rows are."""
    with open_lake(address) as con:
        con.execute(f"attach '{file}' as file (read_only)")
        files = f"{address.tables}{stored_name('core.observation').replace('.', '/')}/*.parquet"
        places = {
            "file": "file.core.observation",
            "lake": "lake.core.observation",
            "Parquet": f"read_parquet('{files}')",
        }
        [(rows,)] = con.execute(f"select count(*) from {places['lake']}").fetchall()
        print(f"{rows:,} observations")
        answers = set()
        for place, relation in places.items():
            query = GROWTH.format(rows=relation)
            answers.add(str(con.execute(query).fetchall()))
            view = f"select count(*), sum(growth_nominal_pct::decimal(38, 6)) from {place}.metrics.growth"
            seconds = timed(lambda query=query: con.execute(query).fetchall())
            of_view = (
                "" if place == "Parquet" else timed(lambda view=view: con.execute(view).fetchall())
            )
            print(f"| {place} | {seconds} | {of_view} |", flush=True)
        print("the same answer" if len(answers) == 1 else f"DIFFERENT: {answers}")


def timed(work: Callable[[], object]) -> str:
    """The median of three turns, in seconds."""
    turns = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        turns.append(time.perf_counter() - started)
    return f"{statistics.median(turns):.2f}"


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
