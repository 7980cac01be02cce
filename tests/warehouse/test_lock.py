"""One writer at a time: who waits is told for whom, and a holder that died holds nobody up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.model.errors import WarehouseError
from flows.warehouse.copies import swap_in
from flows.warehouse.database import published_path
from flows.warehouse.lock import exclusive

HOLD = """
import sys, time
from pathlib import Path
from flows.warehouse.lock import exclusive
with exclusive(Path(sys.argv[1]), print, run="a run of " + sys.argv[2]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold(warehouse: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """`hold(seconds)`: another process that holds the warehouse for so long."""
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        root = Path(__file__).resolve().parents[2]
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(warehouse), str(seconds)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        started.append(process)
        assert process.stdout and process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_run_waits_and_says_for_whom(warehouse: Path, hold: Callable) -> None:
    holder = hold(1.0)
    said: list[str] = []
    with exclusive(warehouse, said.append, timeout_s=30):
        assert holder.poll() is not None or holder.wait(5) == 0, "only when the first is done"
    assert said == [
        f"等待：{warehouse} 正由 process {holder.pid}, run a run of 1.0 写入 · "
        f"waiting: {warehouse} is being written by process {holder.pid}, run a run of 1.0"
    ], "once, not at every look"


def test_nobody_waits_for_ever(warehouse: Path, hold: Callable) -> None:
    holder = hold(30)
    words = rf"is being written by process {holder.pid}, run a run of 30 for more than 0 s; wait for it or stop it"
    with (
        pytest.raises(WarehouseError, match=words),
        exclusive(warehouse, lambda _: None, timeout_s=0.3),
    ):
        pass
    assert holder.poll() is None


def test_a_holder_that_is_killed_frees_the_lock(warehouse: Path, hold: Callable) -> None:
    holder = hold(60)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    said: list[str] = []
    lost: list[str] = []
    with exclusive(warehouse, said.append, timeout_s=5, on_lost=lost.append):
        assert (warehouse / ".lock").read_text() == f"process {os.getpid()}"
    assert said == [], "nobody is waited for"
    assert lost == ["a run of 60"], "who takes over is told whose run died"
    for _ in range(2):
        with exclusive(warehouse, said.append, run="mine", on_lost=lost.append):
            pass
    assert lost == ["a run of 60"], "once, and a run that let go did not die"


def test_two_threads_do_not_share_the_lock(warehouse: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with exclusive(warehouse, lambda words: order.append(words.split("：")[0]), timeout_s=20):
            order.append("second")

    with exclusive(warehouse, order.append):
        thread = threading.Thread(target=second)
        thread.start()
        deadline = time.monotonic() + 10
        while not order and time.monotonic() < deadline:
            time.sleep(0.05)
        order.append("first")
    thread.join(20)
    assert order == ["等待", "first", "second"]


def test_a_reader_is_never_kept_waiting_by_the_lock(
    run_file: Path, warehouse: Path, hold: Callable, query: Callable
) -> None:
    swap_in(warehouse, run_file)
    hold(30)
    assert query(published_path(warehouse), "select count(*) from core.observation") == [(15,)]
