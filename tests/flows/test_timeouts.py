"""A run that takes longer than it may: readers keep what they had, somebody is told what to do, the next run does what is left.

The limits are lowered by Prefect's own `with_options`; what takes its time is the real work.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.faults import bare_interrupts
from flows.warehouse import exclusive


def tree_of(warehouse: Path) -> dict[str, bytes]:
    """What readers have."""
    paths = [warehouse / "jibao.duckdb", *sorted((warehouse / "published").rglob("*"))]
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def ask(address: str, body: Any) -> list[dict[str, Any]]:
    request = urllib.request.Request(address, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return list(json.loads(answer.read()))


def shown_by(server: str, flow_run: str) -> dict[str, str]:
    found = ask(f"{server}/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [flow_run]}}})
    return {artifact["key"]: artifact["data"] for artifact in found}


def end_of_task(server: str, flow_run: str, name: str) -> dict[str, Any]:
    """A task's run once it is over: the server writes down task runs from events, a moment after they happen."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for found in ask(f"{server}/task_runs/filter", {"flow_runs": {"id": {"any_": [flow_run]}}}):
            if found["name"] == name and found["end_time"]:
                return found
        time.sleep(0.2)
    raise AssertionError(f"the server knows no end of “{name}”")


def assert_free(warehouse: Path) -> None:
    with exclusive(warehouse, lambda words: pytest.fail(words), timeout_s=1):
        pass


@pytest.fixture
def revised(small_warehouse: tuple[Path, Path]) -> tuple[Path, Path]:
    """The small standard set, published, and a file that came since."""
    raw, warehouse = small_warehouse
    (raw / "CN/2022Q2/gdp.r2.csv").write_text((raw / "CN/2022Q2/gdp.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return raw, warehouse


@pytest.mark.usefixtures("spared")
def test_a_stage_that_takes_too_long_ends_the_run_and_not_the_readers(
    run_flow: Callable, revised: tuple[Path, Path], prefect_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import quarterly as flow
    from flows import read

    raw, warehouse = revised
    before, read_forms, real = tree_of(warehouse), [], read.read_form
    monkeypatch.setattr(read, "read_form", lambda form, *more: (read_forms.append(form.code), real(form, *more)))
    monkeypatch.setattr(flow, "build", flow.build.with_options(timeout_seconds=0.1))
    state = run_flow(raw, warehouse, return_state=True)
    assert (state.type, state.name) == ("FAILED", "TimedOut")
    assert "TaskRunTimeoutError('Scope timed out after 0.1 second(s).')" in state.message
    run = str(state.state_details.flow_run_id)
    built = end_of_task(prefect_server, run, "build views")
    assert (built["state_name"], built["run_count"]) == ("TimedOut", 1), "and it is not tried again"
    told = shown_by(prefect_server, run)["what-to-do"]
    assert "运行超时" in told and "It took longer than allowed" in told and "Readers still have the warehouse" in told
    assert tree_of(warehouse) == before
    assert_free(warehouse)

    monkeypatch.setattr(flow, "build", flow.build.with_options(timeout_seconds=600))
    assert read_forms == ["gdp"]
    assert run_flow(raw, warehouse).changed
    assert read_forms == ["gdp"], "what was read and judged is taken over"
    assert tree_of(warehouse) != before
    assert not (warehouse / "work").exists()


@pytest.mark.usefixtures("spared")
def test_a_run_that_takes_too_long_ends_as_timed_out(run_flow: Callable, revised: tuple[Path, Path], prefect_server: str) -> None:
    from flows.quarterly import quarterly

    raw, warehouse = revised
    before = tree_of(warehouse)
    state = quarterly.with_options(timeout_seconds=0.5)(raw=raw, warehouse=warehouse, return_state=True)
    assert (state.type, state.name) == ("FAILED", "TimedOut")
    told = shown_by(prefect_server, str(state.state_details.flow_run_id))["what-to-do"]
    assert "It took longer than allowed" in told
    assert tree_of(warehouse) == before
    assert_free(warehouse)
    assert run_flow(raw, warehouse).changed
    assert run_flow(raw, warehouse).changed is False


@pytest.mark.parametrize("interrupt", [asyncio.CancelledError, KeyboardInterrupt])
def test_a_query_that_is_interrupted_says_by_what(interrupt: type[BaseException]) -> None:
    """DuckDB makes a RuntimeError of it, and a run that took too long would pass for one that is broken."""

    def ring(*_: object) -> None:
        raise interrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        for met in (RuntimeError, interrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(met), duckdb.connect() as con:
                if met is RuntimeError:
                    con.execute("select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b")
                with bare_interrupts():
                    con.execute("select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(interrupt), bare_interrupts():  # as Prefect does where it has no task run yet
        try:
            raise interrupt
        except interrupt:
            raise ValueError("Task run is not set")  # noqa: B904
    with pytest.raises(TimeoutError, match="the task"), bare_interrupts():  # of a task within the flow: not the flow's own
        try:
            raise interrupt
        except interrupt:
            raise TimeoutError("the task")  # noqa: B904
    with pytest.raises(RuntimeError, match="another"), bare_interrupts():
        raise RuntimeError("another") from ValueError("of our own")
