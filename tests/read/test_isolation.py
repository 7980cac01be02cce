"""Calls in processes of their own: what one of them does to itself, it does to no other."""

from __future__ import annotations

import os
import signal
import time

import pytest

from flows.read.isolation import CallLimits, Fault, call_isolated, open_pool

LIMITS = CallLimits(memory_bytes=4 << 30, seconds=2)


def misbehave(how: str) -> str:
    """Runs in a worker."""
    if how == "abort":
        os.abort()
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "endless":
        time.sleep(600)
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
        ("memory", str(4 << 30)),
        ("crash", "SIGKILL"),
        ("error", "ZeroDivisionError: our own mistake"),
    ]
    assert "misbehave" in faults[-1].trace


def test_a_thousand_small_calls_pay_once() -> None:
    with open_pool(LIMITS) as pool:
        list(call_isolated(pool, LIMITS, misbehave, [("warm",)]))
        started = time.perf_counter()
        given = list(call_isolated(pool, LIMITS, misbehave, [(f"n{n}",) for n in range(1000)]))
    assert given == [f"N{n}" for n in range(1000)]
    assert time.perf_counter() - started < 5, "0.1 s on a quiet machine"


def test_nothing_is_left_running() -> None:
    with open_pool(LIMITS, workers=2) as pool:
        pids = set(call_isolated(pool, LIMITS, os.getpid, [() for _ in range(20)]))
    for _ in range(100):
        alive = [p for p in pids if isinstance(p, int) and os.path.exists(f"/proc/{p}")]  # noqa: PTH110
        if not alive:
            break
        time.sleep(0.1)
    assert alive == []
