"""A flow called without a server has a temporary one: it ends with the run, and its end ends no figures."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.asking import wait_for
from tests.faults.cases import Case, History, chance, few_or_many
from tests.forked_runs import MARK, left_of
from tests.kept import REPOSITORY

pytestmark = pytest.mark.torture

SCRIPT = """
import sys
from pathlib import Path
from flows.quarterly import quarterly
quarterly(Path(sys.argv[1]), Path(sys.argv[2]))
"""
PATIENCE_S = 240
MOMENTS = 5  # of each kind, in the long form


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Case], subprocess.Popen[bytes]]]:
    """A flow of Prefect in a process of its own, as a script calls it."""
    started: list[subprocess.Popen[bytes]] = []

    def call(case: Case) -> subprocess.Popen[bytes]:
        settings = {
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(PATIENCE_S),
            "PYTHONPATH": str(REPOSITORY),
            MARK: case.mark,
        }
        command = [sys.executable, "-c", SCRIPT, str(case.raw), str(case.warehouse)]
        started.append(subprocess.Popen(command, env=os.environ | settings))
        return started[-1]

    yield call
    for process in started:
        process.kill()


def await_work(case: Case, run: subprocess.Popen[bytes]) -> None:
    def is_at_work() -> bool:
        assert run.poll() is None, "the run has ended"
        return (case.warehouse / "work").exists()

    wait_for("the run at work", is_at_work, PATIENCE_S)
    assert server_of(run), "it has a server of its own"


def server_of(run: subprocess.Popen[bytes]) -> int:
    children = Path(f"/proc/{run.pid}/task").glob("*/children")
    pids = [pid for path in children for pid in path.read_text().split()]
    return next((int(p) for p in pids if b"uvicorn" in Path(f"/proc/{p}/cmdline").read_bytes()), 0)


def moments(of: str, history: History) -> Iterator[float]:
    """Seconds after a run has begun to work: at once, and in the long form at random as well."""
    source = chance(of)
    yield 0
    for _ in range(few_or_many(0, MOMENTS)):
        yield source.uniform(0, 1.2) * history.seconds


def test_killed_with_its_temporary_server_no_server_is_left(
    begin: Callable[..., Case], start: Callable[[Case], subprocess.Popen[bytes]], history: History
) -> None:
    for after_s in moments("a run with its temporary server", history):
        case = begin()
        run = start(case)
        await_work(case, run)
        time.sleep(after_s)
        run.send_signal(signal.SIGKILL)
        ended = run.wait()
        found = case.look()
        case.assert_alone(60)
        case.recover()
        print(f"killed after {after_s:.2f} s of work ({ended}): readers had the {found} copy")


def test_a_temporary_server_that_is_killed_takes_no_figures_along(
    begin: Callable[..., Case], start: Callable[[Case], subprocess.Popen[bytes]], history: History
) -> None:
    for after_s in moments("a temporary server", history):
        case = begin()
        run = start(case)
        await_work(case, run)
        server = server_of(run)
        time.sleep(after_s)
        # later the run may be over, and its server with it
        with contextlib.suppress(*([ProcessLookupError] if after_s else [])):
            os.kill(server, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):  # Prefect's client asks for minutes
            run.wait(30)
        case.look()
        run.kill()
        run.wait()
        found = case.look()
        case.assert_alone(60)
        case.recover()
        print(f"killed after {after_s:.2f} s of work: readers had the {found} copy")


def test_a_run_that_ends_leaves_neither_server_nor_guard(
    begin: Callable[..., Case], start: Callable[[Case], subprocess.Popen[bytes]]
) -> None:
    case = begin()
    assert start(case).wait(PATIENCE_S) == 0
    assert case.look() == "new"
    assert wait_for("the end of all", lambda: not left_of(case.mark), 60)
