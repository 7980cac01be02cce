"""Time every view of `metrics`, for one zone and for all, over synthetic figures put straight into `core`.

    python benchmarks/bench_views.py                                 5,000,000 observations, 500,000 enterprise quarters
    python benchmarks/bench_views.py --observations 100_000_000 --enterprise-quarters 10_000_000 --folder /a/large/disk

The figures are made in SQL by DuckDB from hashes, the same each time. A view's time is that of reading each of its
columns in each of its rows (`bit_xor(hash(row))`). Four years of quarters, so nothing is seasonally adjusted. A query that
takes longer than `--limit` is given up and its line says so; `--write FILE` adds the section to a Markdown file.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import itertools
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
from make_core import QUARTERS, fill

from flows.build.step import build
from flows.forms.catalogue import load_catalogue

ZONE = "Z000007"
PATIENCE_S = 10


def main() -> None:
    """Make the warehouse, build it, print the section of Markdown line by line, and write it where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--observations", type=int, default=5_000_000)
    parser.add_argument("--enterprise-quarters", type=int, default=500_000)
    parser.add_argument(
        "--folder",
        type=Path,
        default=None,
        help="where the file and what spills go; a temporary folder if not given",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the file in the folder, and measure it again where it is there already",
    )
    parser.add_argument(
        "--limit", type=float, default=600, help="seconds after which a query is given up"
    )
    parser.add_argument(
        "--memory",
        default="12GB",
        help="DuckDB's memory_limit; what is above it spills into the folder",
    )
    parser.add_argument(
        "--write", type=Path, default=None, help="a Markdown file to which the section is added"
    )
    parser.add_argument("views", nargs="*", help="only these views of metrics")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = (
            asked.folder
            if asked.keep and asked.folder
            else Path(stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder)))
        )
        run_file = folder / "bench.duckdb"
        made = (
            timed(
                lambda: fill(run_file, asked.observations, asked.enterprise_quarters, asked.memory)
            )
            if not run_file.exists()
            else None
        )
        built = timed(lambda: build(run_file, load_catalogue()))
        with duckdb.connect(str(run_file), read_only=True) as con:
            con.execute(f"set memory_limit = '{asked.memory}'")
            con.execute(f"set temp_directory = '{folder}/spilled'")
            section = []
            for line in itertools.chain(describe(con, made, built, asked), measure(con, asked)):
                print(line, flush=True)
                section.append(line)
    if asked.write:
        with asked.write.open("a", encoding="utf-8") as file:
            file.write("\n" + "\n".join(section) + "\n")


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def describe(
    con: duckdb.DuckDBPyConnection, made: float | None, built: float, asked: argparse.Namespace
) -> Iterator[str]:
    """The heading of the section: sizes, machine, command."""
    observations, enterprises, submissions = (
        con.execute(f"select count(*) from {table}").fetchall()[0][0]
        for table in ("core.observation", "core.enterprise_quarter", "ledger.submission")
    )
    [(zones,)] = con.execute(
        "select count(distinct zone) from ledger.submission where zone <> 'CN'"
    ).fetchall()
    yield f"### {observations:,} observations and {enterprises:,} enterprise quarters\n"
    yield (
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__} with {asked.memory}. {zones:,} zones and the nation, {QUARTERS} quarters, "
        f"{submissions:,} submissions; {f'made in {made:.0f} s, ' if made else ''}built in {built:.0f} s. A query was given up after {asked.limit:.0f} s.\n"
    )
    yield f"    python benchmarks/bench_views.py {' '.join(sys.argv[1:])}\n"


def measure(con: duckdb.DuckDBPyConnection, asked: argparse.Namespace) -> Iterator[str]:
    """A table of each view for one zone (the better of two, unless the first took long) and for all."""
    yield "| view | rows, one zone | one zone, s | rows, all | all zones, s |\n| --- | --: | --: | --: | --: |"
    for view, has_zone in columns_of(con):
        if asked.views and view not in asked.views:
            continue
        whole = f"select count(*), bit_xor(hash(v)) from metrics.{view} as v"
        one = f"{whole} where v.zone = '{ZONE}'"
        few = ("", "")
        if has_zone:
            few = clock(con, one, asked.limit)
            if few[0] and float(few[1]) < PATIENCE_S:
                few = min(
                    few,
                    clock(con, one, asked.limit),
                    key=lambda found: float(found[1].lstrip("> ")),
                )
        yield "| " + " | ".join((view, *few, *clock(con, whole, asked.limit))) + " |"


def columns_of(con: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    """The views of `metrics`, and whether each has a column `zone`."""
    return con.execute("""
        select table_name, bool_or(column_name = 'zone') from duckdb_columns() where schema_name = 'metrics' group by table_name order by 1
    """).fetchall()


def clock(con: duckdb.DuckDBPyConnection, query: str, limit: float) -> tuple[str, str]:
    """Rows and seconds; what takes longer than the limit is given up and said so."""
    timer = threading.Timer(limit, con.interrupt)
    timer.start()
    started = time.perf_counter()
    try:
        [(rows, _)] = con.execute(query).fetchall()
    except duckdb.InterruptException:
        return "", f"> {limit:.0f}"
    except duckdb.OutOfMemoryException:
        return "", "out of memory"
    finally:
        timer.cancel()
    return f"{rows:,}", f"{time.perf_counter() - started:.2f}"


if __name__ == "__main__":
    main()
