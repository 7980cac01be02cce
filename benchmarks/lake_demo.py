"""`make lake-demo`: from nothing to a DuckLake of raw/ that is queried, and torn down again.

A PostgreSQL of the demo's own keeps the catalogue, a temporary folder the data. A run brings raw/ into a warehouse; two committers
at once bring that into the lake; counts are held against the register, and a question is asked.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.lakes import postgres

QUESTION = """
select sector, value_ytd_cny / 1e8 as value_100m, growth_ytd_real_pct as growth_pct
from metrics.sector_growth where zone = '150571' and period = '2022Q3'
"""


def jibao(*words: str | Path) -> subprocess.Popen[bytes]:
    """A command, begun; it is said how it is typed."""
    print("$ jibao", *(f'"{w}"' if " " in str(w) else w for w in words), flush=True)
    return subprocess.Popen([sys.executable, "-m", "flows.cli", *map(str, words)], cwd=REPOSITORY)


def wait_for(*commands: subprocess.Popen[bytes]) -> None:
    """Raises RuntimeError where one of them failed."""
    codes = [command.wait() for command in commands]
    if any(codes):
        raise RuntimeError(f"exit codes {codes}")


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
    address = f"ducklake:postgres:{catalogue} ?data={home}/data"
    warehouse = home / "warehouse"
    wait_for(jibao("run", "--raw", REPOSITORY / "raw", "--warehouse", warehouse))
    wait_for(jibao("lake", "init", address))
    wait_for(
        *(
            jibao("lake", "commit", address, "--warehouse", warehouse, "--parcels", "50")
            for _ in range(2)
        )
    )
    wait_for(jibao("lake", "verify", address))
    wait_for(jibao("sql", "--warehouse", address, QUESTION))


if __name__ == "__main__":
    main()
