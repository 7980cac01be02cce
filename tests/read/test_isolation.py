"""Calls in processes of their own: what one of them does to itself, it does to no other."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.errors import ReadingError
from flows.model.submission import Reading, Submission
from flows.read.isolation import CallLimits, Fault, call_isolated, open_pool
from flows.read.step import _refuse, read_form
from flows.receive.step import describe_file
from tests.kept import REPOSITORY
from tests.sent import RAW, SENT_PATHS

LIMITS = CallLimits(memory_bytes=4 << 30, seconds=2, cpu_seconds=60)


def misbehave(how: str) -> str:
    """Runs in a worker."""
    if how == "abort":
        os.abort()
    if how == "slow":
        until = time.process_time() + 0.6
        while time.process_time() < until:
            pass
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "endless":
        time.sleep(600)
    if how == "busy":
        while True:
            pass
    if how == "greedy":
        return str(len(bytearray(64 << 30)))
    if how == "fault":
        raise ZeroDivisionError("our own mistake")
    return how.upper()


@pytest.fixture(scope="module")
def answers() -> list[object]:
    calls = ["a", "abort", "b", "endless", "greedy", "killed", "fault", "c"]
    with open_pool(LIMITS, workers=2) as pool:
        return list(call_isolated(pool, LIMITS, misbehave, [(how,) for how in calls]))


def test_the_others_answer_in_order(answers: list[object]) -> None:
    assert [answers[0], answers[2], answers[7]] == ["A", "B", "C"]


def test_each_fault_is_named_with_its_figure(answers: list[object]) -> None:
    faults = [answer for answer in answers if isinstance(answer, Fault)]
    assert [(f.kind, f.detail) for f in faults] == [
        ("crash", "SIGABRT"),
        ("seconds", "2"),
        ("memory_bytes", str(4 << 30)),
        ("crash", "SIGKILL"),
        ("error", "ZeroDivisionError: our own mistake"),
    ]
    assert "misbehave" in faults[-1].trace


@pytest.mark.torture
def test_a_call_that_keeps_the_processor_busy_is_ended_and_the_calls_before_it_do_not_count() -> (
    None
):
    limits = CallLimits(memory_bytes=4 << 30, seconds=120, cpu_seconds=1)
    with open_pool(limits, workers=1) as pool:
        calls = [(how,) for how in ("slow", "slow", "slow", "busy", "a")]
        answers = list(call_isolated(pool, limits, misbehave, calls))
    assert answers == ["SLOW"] * 3 + [Fault("cpu_seconds", "1"), "A"]


def test_a_thousand_small_calls_pay_once() -> None:
    times = [time.perf_counter()]
    with open_pool(LIMITS) as pool:
        for calls in (["warm"], [f"n{n}" for n in range(1000)]):
            given = list(call_isolated(pool, LIMITS, misbehave, [(call,) for call in calls]))
            times.append(time.perf_counter())
    assert given == [f"N{n}" for n in range(1000)]
    first, thousand = times[1] - times[0], times[2] - times[1]
    assert thousand < 10 * first, "the first starts a process; a thousand take 0.1 s in quiet"


def test_nothing_is_left_running() -> None:
    with open_pool(LIMITS, workers=2) as pool:
        pids = set(call_isolated(pool, LIMITS, os.getpid, [() for _ in range(20)]))
    for _ in range(100):
        alive = [p for p in pids if isinstance(p, int) and os.path.exists(f"/proc/{p}")]  # noqa: PTH110
        if not alive:
            break
        time.sleep(0.1)
    assert alive == []


_KILLED = """
import os, time
from flows.read.isolation import CallLimits, call_isolated, open_pool

if __name__ == "__main__":
    limits = CallLimits(memory_bytes=4 << 30, seconds=900, cpu_seconds=600)
    with open_pool(limits, workers=2) as pool:
        given = call_isolated(pool, limits, time.sleep, [(0,), (600,), (600,)])
        assert next(given) is None
        print("at work", flush=True)
        os.kill(os.getpid(), 9)
"""


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """Their output is a pipe that they share: `run` waits until nobody holds that any more."""
    path = tmp_path / "killed.py"
    path.write_text(_KILLED, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(path)],
        env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
        stdout=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (-9, b"at work\n")


# --- files --------------------------------------------------------------------------------------


class EndsItsReader(Submission):
    """A file that makes the process which reads it abort, as a defect of a library in C would."""

    def __getattribute__(self, name: str) -> Any:
        if name == "period" and multiprocessing.parent_process() is not None:
            os.abort()
        return super().__getattribute__(name)


def submission_of(path: str) -> Submission:
    zone, period, name = path.split("/")
    return describe_file(RAW, RAW / path, name.partition(".")[0], zone, period)


def test_a_file_that_ends_its_reader_is_a_finding_and_the_others_are_read(tmp_path: Path) -> None:
    form = load_catalogue()["gdp"]
    good = submission_of("150571/2022Q3/gdp.xlsx")
    other = submission_of("CN/2022Q3/gdp.csv")
    deadly = EndsItsReader("CN/2022Q4/gdp.csv", "gdp", "CN", "2022Q4", 1, "0" * 64, 1)
    read_form(form, [good, deadly, other], RAW, tmp_path, isolated=True)
    reading = Reading.open(tmp_path)
    (finding,) = [f for f in reading.findings if f.severity == "reject"]
    assert (finding.code, finding.path) == ("FILE-CRASHED", "CN/2022Q4/gdp.csv")
    assert "SIGABRT" in finding.message_zh and "SIGABRT" in finding.message_en
    assert reading.rows_read == {good.submission: 4, deadly.submission: 0, other.submission: 4}


def test_in_workers_or_not_the_text_is_the_same(tmp_path: Path) -> None:
    form = load_catalogue()["gdp"]
    paths = [path for path in SENT_PATHS if Path(path).match("gdp*.csv")]
    submissions = [submission_of(path) for path in paths]
    assert len(submissions) > 5
    for isolated in (False, True):
        read_form(form, submissions, RAW, tmp_path / str(isolated), isolated=isolated)
    for name in ("text.arrow", "unread.arrow", "reading.json"):
        here, there = ((tmp_path / str(way) / name).read_bytes() for way in (False, True))
        assert here == there, name


@pytest.mark.parametrize(
    ("name", "figure"),
    [("seconds", "900"), ("cpu_seconds", "600"), ("memory_bytes", "12884901888")],
)
def test_a_limit_is_told_with_its_figure_and_its_setting(name: Any, figure: str) -> None:
    submission = submission_of("150571/2022Q3/gdp.xlsx")
    (finding,) = _refuse(submission, Fault(name, figure)).findings
    assert finding.code == "FILE-LIMIT"
    for message in (finding.message_zh, finding.message_en):
        assert figure in message and re.search(rf"\b{name}\b", message)


def test_what_our_own_code_failed_on_is_no_limit() -> None:
    submission = submission_of("150571/2022Q3/gdp.xlsx")
    with pytest.raises(ReadingError, match="our own mistake"):
        _refuse(submission, Fault("error", "ZeroDivisionError: our own mistake", "trace"))
