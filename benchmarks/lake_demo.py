"""`make lake-demo`: from nothing to a DuckLake of raw/ and the demo set that is queried, and torn down again.

A PostgreSQL of the demo's own keeps the catalogue, a temporary folder the data. Two offices run at once, one over raw/, one over
the made-up submissions of `make demo`, and commit to the lake; it is tidied, its rows are counted, and a question is asked of both.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.lakes import postgres

QUESTION = """
select zone, sector, value_ytd_cny / 1e8 as value_100m, growth_ytd_real_pct as growth_pct
from metrics.sector_growth where (zone, period) in (('150571', '2022Q3'), ('990001', '2021Q4'))
order by zone, sector
"""
SIZE = (
    "--zones",
    "2",
    "--quarters",
    "5",
    "--enterprises",
    "60",
    "--errors",
    "2%",
)  # of `make demo`


def jibao(*words: str | Path) -> subprocess.Popen[bytes]:
    """A command, begun; it is said how it is typed."""
    print("$ jibao", *(f'"{w}"' if " " in str(w) else w for w in words), flush=True)
    return subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, words)], cwd=REPOSITORY)


def wait_for(*commands: subprocess.Popen[bytes]) -> None:
    """Says what they took of the processor. Raises RuntimeError where one of them failed."""
    before = children_cpu_s()
    codes = [command.wait() for command in commands]
    print(f"  {children_cpu_s() - before:.1f} s of the processor", flush=True)
    if any(codes):
        raise RuntimeError(f"exit codes {codes}")


def children_cpu_s() -> float:
    """Seconds of the processor that ended children, and theirs, have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """The demo; exit code 2 where there is no PostgreSQL."""
    started = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="jibao-lake-") as home, postgres() as catalogue:
            show(Path(home), catalogue)
    except FileNotFoundError as nothing:
        sys.exit(f"没有 PostgreSQL · {nothing}")
    print(f"torn down; {time.perf_counter() - started:.0f} s in all")


def show(home: Path, catalogue: str) -> None:
    """What is in the name of the demo, a command after the other."""
    lake = f"ducklake:postgres:{catalogue} ?data={home}/data"
    made_up = home / "made_up"
    wait_for(jibao("synthesize", made_up, *SIZE))
    zones = home / "zones"  # those of both offices
    zones.mkdir()
    heading, *of_demo = (made_up / "zone.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    of_raw = (REPOSITORY / "raw" / "zone.csv").read_text(encoding="utf-8")
    assert of_raw.startswith(heading)
    (zones / "zone.csv").write_text("".join([of_raw, *of_demo]), encoding="utf-8")
    wait_for(jibao("lake", "init", lake, "--raw", zones))
    offices = {"real": REPOSITORY / "raw", "made_up": made_up}
    wait_for(
        *(
            jibao(
                "run", "--raw", raw, "--warehouse", f"{lake}&office={office}&local={home}/{office}"
            )
            for office, raw in offices.items()
        )
    )
    wait_for(jibao("lake", "maintain", lake))
    wait_for(jibao("sql", "--warehouse", lake, QUESTION))


if __name__ == "__main__":
    main()
