"""How a run bears load: seconds, processor time and memory, at several sizes, so that it shows whether time is linear.

    python benchmarks/bench_load.py register 1000000 5000000      one register of so many rows
    python benchmarks/bench_load.py submissions 1000 10000        so many submissions of five indicator forms in one run
    python benchmarks/bench_load.py quarters 10x40 50x40          zones × quarters, a register of 40 enterprises in each

Each size is a run over an empty warehouse in a process of its own, without Prefect. Memory is the most that the run and the
workers that read for it hold together, asked ten times a second. Everything is made up, in a temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from make_submissions import make_register

from flows.synthetic.sets import Wanted, synthesize

FORMS = ("gdp", "main_indicators", "income", "employment", "budget")
ZONES, QUARTERS = 50, 40
ENTERPRISES = 40
HEADER = "| work | files | became | s | CPU s | ms a file | memory, MB |"


def make_rows(raw: Path, size: str) -> None:
    """One register of so many rows."""
    make_register(raw, int(size))


def make_submissions(raw: Path, size: str) -> None:
    """So many submissions: five forms, forty quarters, and as many zones as it takes."""
    zones = max(1, round(int(size) / len(FORMS) / QUARTERS))
    synthesize(raw, Wanted(zones=zones, quarters=QUARTERS, start="2013Q1", forms=FORMS))


def make_quarters(raw: Path, size: str) -> None:
    """GDP and a register of enterprises of so many zones and quarters."""
    zones, quarters = (int(number) for number in size.split("x"))
    forms = ("gdp", "enterprise_quarter")
    wanted = Wanted(zones, quarters, ENTERPRISES, start="2013Q1", forms=forms)
    synthesize(raw, wanted)


MAKERS: dict[str, Callable[[Path, str], None]] = {
    "register": make_rows,
    "submissions": make_submissions,
    "quarters": make_quarters,
}


def run(raw: Path, warehouse: Path) -> None:
    """One run, in this process; its measures are printed."""
    from flows.orchestration.quarter import run_quarter
    from flows.orchestration.selection import choose

    started = time.perf_counter()
    summary = run_quarter(raw, warehouse, choose(None, None, None, raw), confirm=False)
    took = time.perf_counter() - started
    print(json.dumps({"files": summary.files, "statuses": summary.statuses, "s": took}))


def used_by(session: int) -> dict[int, tuple[float, int]]:
    """Processor seconds and resident bytes of each process of a session."""
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                cpu = (int(fields[11]) + int(fields[12])) / ticks
                found[int(stat.parent.name)] = (cpu, int(fields[21]) * page)
    return found


def measure(what: str, size: str, base: Path) -> str:
    """One line of the table."""
    home = base / f"{what}-{size}"
    MAKERS[what](home / "raw", size)
    command = [sys.executable, __file__, "run", str(home / "raw"), str(home / "warehouse")]
    most, cpu = 0, dict[int, float]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        while process.poll() is None:
            used = used_by(process.pid)
            most = max(most, sum(resident for _, resident in used.values()))
            cpu |= {pid: seconds for pid, (seconds, _) in used.items()}
            time.sleep(0.1)
        assert process.returncode == 0 and process.stdout is not None
        found = json.loads(process.stdout.read().splitlines()[-1])
    each = 1000 * found["s"] / max(1, found["files"])
    statuses = ", ".join(f"{number:,} {status}" for status, number in found["statuses"].items())
    return (
        f"| {what} {size} | {found['files']:,} | {statuses} | {found['s']:.1f} | {sum(cpu.values()):.1f} "
        f"| {each:,.1f} | {most / 1e6:,.0f} |"
    )


def main(what: str, *sizes: str) -> None:
    """The table, a line a size, and how busy the machine was."""
    print(HEADER, "| --- " + "| --: " * (HEADER.count("|") - 2) + "|", sep="\n")
    with tempfile.TemporaryDirectory(prefix="jibao-load-") as folder:
        for size in sizes:
            print(measure(what, size, Path(folder)), flush=True)
    print(f"\nload average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*sys.argv[1:])
