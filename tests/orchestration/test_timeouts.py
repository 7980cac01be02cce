"""A run that takes longer than it may: readers keep what they had, somebody is told what to do, the next run does what is left.

The limits are lowered by Prefect's own `with_options`; what takes its time is the real work.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from prefect.exceptions import TerminationSignal

from flows.warehouse.deadline import bare_interrupts, watch
from flows.warehouse.lock import exclusive
from tests.asking import ask, wait_for


def tree_of(warehouse: Path) -> dict[str, bytes]:
    """What readers have."""
    paths = [warehouse / "jibao.duckdb", *sorted((warehouse / "published").rglob("*"))]
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def shown_by(server: str, flow_run: str) -> dict[str, str]:
    found = ask(f"{server}/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [flow_run]}}})
    return {artifact["key"]: artifact["data"] for artifact in found}


def end_of_task(server: str, flow_run: str, name: str) -> dict[str, Any]:
    """A task's run once it is over: the server writes down task runs from events, a moment after they happen."""
    known = {"flow_runs": {"id": {"any_": [flow_run]}}}
    ended = wait_for(
        f"the end of “{name}”",
        lambda: [
            t
            for t in ask(f"{server}/task_runs/filter", known)
            if t["name"] == name and t["end_time"]
        ],
        patience_s=60,
    )
    return dict(ended[0])


def assert_free(warehouse: Path) -> None:
    with exclusive(warehouse, lambda words: pytest.fail(words), timeout_s=1):
        pass


@pytest.fixture
def revised(small_warehouse: tuple[Path, Path]) -> tuple[Path, Path]:
    """The small standard set, published, and a file that came since."""
    raw, warehouse = small_warehouse
    (raw / "CN/2022Q2/gdp.r2.csv").write_text(
        (raw / "CN/2022Q2/gdp.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8"
    )
    return raw, warehouse


@pytest.mark.usefixtures("spared")
def test_a_stage_that_takes_too_long_ends_the_run_and_not_the_readers(
    run_flow: Callable,
    revised: tuple[Path, Path],
    prefect_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from flows import quarterly as flow
    from flows.read import step as read

    raw, warehouse = revised
    before, read_forms, real = tree_of(warehouse), [], read.read_form
    monkeypatch.setattr(
        read, "read_form", lambda form, *more: (read_forms.append(form.code), real(form, *more))
    )
    monkeypatch.setattr(flow, "build", flow.build.with_options(timeout_seconds=0.1))
    state = run_flow(raw, warehouse, return_state=True)
    assert (state.type, state.name) == ("FAILED", "TimedOut")
    assert "TaskRunTimeoutError('Scope timed out after 0.1 second(s).')" in state.message
    run = str(state.state_details.flow_run_id)
    built = end_of_task(prefect_server, run, "build views")
    assert (built["state_name"], built["run_count"]) == ("TimedOut", 1), "and it is not tried again"
    told = shown_by(prefect_server, run)["what-to-do"]
    assert (
        "运行超时" in told
        and "It took longer than allowed" in told
        and "Readers still have the warehouse" in told
    )
    assert tree_of(warehouse) == before
    assert_free(warehouse)

    monkeypatch.setattr(flow, "build", flow.build.with_options(timeout_seconds=600))
    assert read_forms == ["gdp"]
    assert run_flow(raw, warehouse).changed
    assert read_forms == ["gdp"], "what was read and judged is taken over"
    assert tree_of(warehouse) != before
    assert not (warehouse / "work").exists()


@pytest.mark.usefixtures("spared")
def test_a_run_that_takes_too_long_ends_as_timed_out(
    run_flow: Callable,
    revised: tuple[Path, Path],
    prefect_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from flows import quarterly as flow

    def run_out(*_: object) -> None:
        """Time is up in the flow itself: where Prefect begins a task, it would take it for the task's."""
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        time.sleep(60)

    raw, warehouse = revised
    before = tree_of(warehouse)
    with monkeypatch.context() as patch:
        patch.setattr(flow, "headline_of", run_out)
        state = flow.quarterly.with_options(timeout_seconds=3600)(
            raw=raw, warehouse=warehouse, return_state=True
        )
    assert (state.type, state.name) == ("FAILED", "TimedOut")
    told = shown_by(prefect_server, str(state.state_details.flow_run_id))["what-to-do"]
    assert "It took longer than allowed" in told
    assert tree_of(warehouse) == before
    assert_free(warehouse)
    assert run_flow(raw, warehouse).changed
    assert run_flow(raw, warehouse).changed is False


@pytest.mark.parametrize(
    "interrupt", [asyncio.CancelledError(), KeyboardInterrupt(), TerminationSignal(signal.SIGTERM)]
)
def test_a_query_that_is_interrupted_says_by_what(interrupt: BaseException) -> None:
    """DuckDB makes a RuntimeError of it, and a run that took too long would pass for one that is broken."""

    def ring(*_: object) -> None:
        raise interrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        for met in (RuntimeError, type(interrupt)):
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(met), duckdb.connect() as con:
                con.execute(
                    "set threads = 1"
                )  # with more and unwatched it may wait for one that never ends
                if met is RuntimeError:
                    con.execute(
                        "select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b"
                    )
                with bare_interrupts():
                    con.execute(
                        "select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b"
                    )
        assert signal.getsignal(signal.SIGALRM) is ring
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with (
        pytest.raises(type(interrupt)),
        bare_interrupts(),
    ):  # as Prefect does where it has no task run yet
        try:
            ring()
        except type(interrupt):
            raise ValueError("Task run is not set")  # noqa: B904
    with (
        pytest.raises(TimeoutError, match="the task"),
        bare_interrupts(),
    ):  # of a task within the flow: not the flow's own
        try:
            ring()
        except type(interrupt):
            raise TimeoutError("the task")  # noqa: B904
    with pytest.raises(RuntimeError, match="its own cause"), bare_interrupts():
        fault = RuntimeError("its own cause")
        raise fault from fault
    with pytest.raises(RuntimeError, match="another"), bare_interrupts():
        raise RuntimeError("another") from ValueError("of our own")


@pytest.mark.parametrize(
    "turn", range(4)
)  # whether the thread that asks has the part that takes long is a matter of luck
def test_a_query_of_several_threads_is_stopped(turn: int) -> None:
    """DuckDB waits for the other threads' parts of a plan, which may take for ever."""

    def ring(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with duckdb.connect() as con:
            con.execute(
                f"set threads = 2; create table t as select range as i from range({1_000_000 + turn})"
            )
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt), bare_interrupts():
                watch(con).execute(
                    "select sum(a.i * b.i) from t as a, t as b where a.i % 7 <> b.i % 5"
                )
            assert con.execute("select count(*) from t").fetchall() == [(1_000_000 + turn,)]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
