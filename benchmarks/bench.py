"""Time whole processes: `jibao run` on large and small work, a bare DuckDB script beside it, and the views.

    make bench                                          1,000,000 rows, 1,000 files, 1,000,000 observations, five turns
    python benchmarks/bench.py register                 one line of the table
    python benchmarks/bench.py --rows 100_000 --files 100 --observations 200_000 --turns 1

Every figure is of processes from their start to the end of all that they started: interpreter, imports, workers. Those that
are compared take turns. Medians count: seconds by the clock, CPU seconds of the process and all its children, and the largest
memory of one of them. No Prefect server runs, so that `jibao run` is the plain body of the flow (docs/reference-operator.md).
"""

from __future__ import annotations

import argparse
import ctypes
import datetime as dt
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from bench_views import clock, columns_of
from leave_published import leave_published
from make_core import fill
from make_submissions import make_register, make_small

from flows.build.step import build
from flows.forms.catalogue import load_catalogue

HERE = Path(__file__).resolve().parent
FILE = "150571/2022Q3/gdp.csv"
GDP = (
    "指标名称,计量单位,本年累计,同比增长\n地区生产总值,亿元,107.92,3.4\n第一产业增加值,亿元,1.41,4.1\n"
    "第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,67.39,3.8\n"
)
QUIET = {
    "PREFECT_API_URL": "",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}
NAMED = 10  # zones of the warehouse with history that have a name, and so a site
LINES = ("register", "small", "one", "nothing", "history", "views")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what a process leaves behind becomes our child


@dataclass(frozen=True)
class Took:
    """What a process and all that it started took."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def run(*command: object) -> Took:
    """Run a command to its end, and wait for all that it leaves behind."""
    environment = {k: v for k, v in (os.environ | QUIET).items() if v}
    started = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status:
        raise RuntimeError(f"{command}: {process.stderr and process.stderr.read().decode()}")
    usages = [used]
    while True:
        try:
            usages.append(os.wait3(0)[2])
        except ChildProcessError:
            break
    cpu = sum(u.ru_utime + u.ru_stime for u in usages)
    return Took(wall, cpu, max(u.ru_maxrss for u in usages) / 1024)


def jibao(raw: Path, warehouse: Path) -> Took:
    """`jibao run`."""
    return run(sys.executable, "-m", "flows.cli", "run", "--raw", raw, "--warehouse", warehouse)


def median(turns: list[Took]) -> Took:
    """The median of each figure."""
    return Took(
        statistics.median(t.wall_s for t in turns),
        statistics.median(t.cpu_s for t in turns),
        statistics.median(t.memory_mb for t in turns),
    )


def tell(work: str, took: Took, beside: Took | None = None, asked: str = "") -> Took:
    """One line of the table; `beside` is what the work is compared with."""
    ratio = (
        f"{took.wall_s / beside.wall_s:.2f}× / {took.cpu_s / beside.cpu_s:.2f}×" if beside else ""
    )
    print(
        f"| {work} | {took.wall_s:.2f} | {took.cpu_s:.2f} | {took.memory_mb:,.0f} | {ratio} | {asked} |",
        flush=True,
    )
    return took


def register(home: Path, rows: int, turns: int) -> None:
    """One large register into an empty warehouse, beside the same rules as a bare script."""
    path = make_register(home / "register", rows)
    bare, ours = [], []
    for _ in range(turns):
        (home / "bare.duckdb").unlink(missing_ok=True)
        bare.append(run(sys.executable, HERE / "bare_duckdb.py", path, home / "bare.duckdb"))
        ours.append(anew(home / "register", home / "warehouse"))
    of_bare = tell(f"register of {rows:,} enterprises, bare DuckDB", median(bare))
    tell(f"register of {rows:,} enterprises", median(ours), of_bare, "≤ 2× by the clock")


def anew(raw: Path, warehouse: Path) -> Took:
    """A run into an empty warehouse, of files that were never received."""
    shutil.rmtree(warehouse, ignore_errors=True)
    shutil.rmtree(raw / "archive", ignore_errors=True)
    (raw / "manifest.csv").unlink(missing_ok=True)
    return jibao(raw, warehouse)


def small_files(home: Path, files: int, turns: int) -> None:
    """Many small submissions of all indicator forms."""
    made = make_small(home / "small", files)
    took = median([anew(home / "small", home / "warehouse") for _ in range(turns)])
    tell(f"{made:,} new submissions of all indicator forms", took, asked="< 15 s")


def one_new(home: Path, turns: int) -> None:
    """One file into an empty warehouse."""
    send(home / "one", GDP)
    took = median([anew(home / "one", home / "warehouse") for _ in range(turns)])
    tell("one new file, empty warehouse", took, asked="< 6 s")


def nothing_new(home: Path, turns: int) -> None:
    """A run for which nothing has come."""
    send(home / "one", GDP)
    anew(home / "one", home / "warehouse")
    took = median([jibao(home / "one", home / "warehouse") for _ in range(turns)])
    tell("nothing new", took, asked="< 1 s")


def make_history(home: Path, observations: int, raw: Path | None = None) -> Path:
    """A warehouse with history, built; `raw` names its zones."""
    history = home / "history" / "jibao.duckdb"
    history.parent.mkdir()
    fill(history, observations, observations // 10, "4GB")
    if raw:
        name_zones(raw, history)
    build(history, load_catalogue(), raw)
    return history


def with_history(home: Path, observations: int, turns: int) -> None:
    """One file into a warehouse with history, each time after one into an empty warehouse."""
    send(home / "one", GDP)
    history = make_history(home, observations, home / "one")
    leave_published(home / "one", history.parent)
    jibao(home / "one", history.parent)
    empty, long = [], []
    for turn in range(turns):
        empty.append(anew(home / "one", home / "warehouse"))
        # a revision each time: the figure is a little higher
        send(
            home / "one",
            GDP.replace("67.39", f"67.{40 + turn}").replace("107.92", f"107.{93 + turn}"),
            turn + 2,
        )
        long.append(jibao(home / "one", history.parent))
        for path in (home / "one/150571/2022Q3").glob("gdp.r*.csv"):
            path.unlink()
    tell(
        f"one new file, {observations:,} observations and {observations // 10:,} enterprises stand",
        median(long), median(empty), "≤ 1.3×",
    )  # fmt: skip


def name_zones(raw: Path, history: Path) -> None:
    """The office's list of zones, with the first few: a zone without a name has no page, and the
    pages of hundreds would take longer to make than all else.
    """
    with duckdb.connect(str(history), read_only=True) as con:
        con.execute(f"""
            copy (
                select distinct s.zone, s.zone as title_zh, s.zone as title_en
                from ledger.submission as s where s.zone <> 'CN' order by s.zone limit {NAMED}
            ) to '{raw / "zone.csv"}' (format csv, header)
        """)


def send(raw: Path, content: str, revision: int = 1) -> None:
    """Put a file into the folder of submissions."""
    path = raw / (FILE if revision == 1 else FILE.replace(".csv", f".r{revision}.csv"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def views(home: Path, observations: int) -> None:
    """The slowest view for one zone and for all; each view by itself: `bench_views.py`."""
    history = make_history(home, observations)
    with duckdb.connect(str(history), read_only=True) as con:
        for whom, where in (("one zone", "where v.zone = 'Z000007'"), ("all zones", "")):
            slowest = max(
                (float(clock(con, f"select count(*), bit_xor(hash(v)) from metrics.{view} as v {where}", 600)[1].lstrip("> ")), view)
                for view, has_zone in columns_of(con)
                if has_zone or not where
            )  # fmt: skip
            asked = "< 1 s at 100,000,000" if where else "< 5 s at 10,000,000"
            print(
                f"| the slowest view of `metrics`, {whom}, {observations:,} observations: `{slowest[1]}` | {slowest[0]:.2f} | | | | {asked} |",
                flush=True,
            )


def main() -> None:
    """Print the table, a line for each goal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the register")
    parser.add_argument("--files", type=int, default=1_000, help="small submissions")
    parser.add_argument(
        "--observations", type=int, default=1_000_000, help="that stand when one file comes"
    )
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument(
        "lines", nargs="*", default=list(LINES), help=f"those wanted of {', '.join(LINES)}"
    )
    asked = parser.parse_args()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    print(
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}; medians of {asked.turns}\n"
    )
    print("    python benchmarks/bench.py " + " ".join(sys.argv[1:]) + "\n")
    print(
        "| work | s | CPU s | MB | ratio, clock / CPU | asked |\n| --- | --: | --: | --: | --: | --- |"
    )
    works: dict[str, Callable[[Path], None]] = {
        "register": lambda home: register(home, asked.rows, asked.turns),
        "small": lambda home: small_files(home, asked.files, asked.turns),
        "one": lambda home: one_new(home, asked.turns),
        "nothing": lambda home: nothing_new(home, asked.turns),
        "history": lambda home: with_history(home, asked.observations, asked.turns),
        "views": lambda home: views(home, asked.observations),
    }
    for line in asked.lines:
        with tempfile.TemporaryDirectory(prefix="jibao-bench-") as folder:
            works[line](Path(folder))


if __name__ == "__main__":
    main()
