"""The shell: what Prefect adds to a run, on a real server. Tasks by name, retries, timeouts, states, artifacts.

Everywhere else in the tests a run is the plain function that the flow wraps.
"""

from __future__ import annotations

import errno
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.orchestration import run_log, steps
from flows.orchestration.changes import list_changes
from flows.orchestration.faults import AGAIN
from flows.orchestration.tasks import as_task
from flows.quarterly import quarterly
from flows.receive.step import Selection
from flows.revalidate import revalidate
from flows.warehouse.lock import exclusive
from tests.asking import ask, wait_for
from tests.flows.test_revalidate import judged_by_earlier_rules

pytestmark = [pytest.mark.torture, pytest.mark.usefixtures("prefect_server")]


def tree_of(warehouse: Path) -> dict[str, bytes]:
    """What readers have."""
    paths = [warehouse / "jibao.duckdb", *sorted((warehouse / "published").rglob("*"))]
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def shown_by(server: str, state: Any) -> dict[str, str]:
    """The artifacts of a run, by their keys."""
    run = str(state.state_details.flow_run_id)
    answer = ask(f"{server}/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
    return {artifact["key"]: artifact["data"] for artifact in answer}


def name_of(server: str, state: Any) -> str:
    """What the run is called in the server's lists."""
    run = str(state.state_details.flow_run_id)
    [found] = ask(f"{server}/flow_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
    return str(found["name"])


def tasks_of(server: str, state: Any, number: int) -> list[dict[str, Any]]:
    """The tasks of a run by their begin, once so many have ended: the server writes them down from events."""
    run = str(state.state_details.flow_run_id)

    def look() -> list[dict[str, Any]]:
        answer = ask(f"{server}/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        ended = [task for task in answer if task["end_time"]]
        return sorted(ended, key=lambda task: task["start_time"]) if len(ended) >= number else []

    return list(wait_for(f"the end of {number} tasks", look, patience_s=60))


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


def test_a_run_is_tasks_by_name_a_state_and_what_the_operator_sees(
    prefect_server: str, make_raw: Callable, tmp_path: Path
) -> None:
    raw, warehouse = make_raw(), tmp_path / "warehouse"
    state = quarterly(raw=raw, warehouse=warehouse, return_state=True)
    assert (state.type, state.name) == ("COMPLETED", "Completed with findings")
    assert state.message.startswith("7 files, 0 unchanged; 3 accepted; 2 partial; 2 rejected; ")
    batches = ("_unplaced 2022Q3", "contract_ledger 2022Q3", "gdp 2022Q1–2022Q3 (5 files)")
    known = batches[1:]
    expected = [
        f"receive {raw}",
        *(f"judge {batch}" for batch in known),
        "compare with other forms, quarters and zones",
        f"open the run's copy of {warehouse}",
        *(f"load {batch}" for batch in batches),
        "build views",
        "weigh the questions",
        "write receipts",
        "write exports and bulletin",
        "write the bulletins' pages",
        *(f"reply {batch}" for batch in batches),
        "confirm with Great Expectations",
        "write the site",
        f"publish {warehouse}",
    ]
    tasks = tasks_of(prefect_server, state, len(expected))
    assert [task["name"] for task in tasks] == expected
    assert {(task["state_name"], task["run_count"]) for task in tasks} == {("Completed", 1)}
    shown = shown_by(prefect_server, state)
    assert {"run-summary", "quarantined-rows", "lineage"} <= set(shown)
    assert state.message in shown["run-summary"]
    assert "| `core.observation` | raw | 15 |" in shown["lineage"]

    assert name_of(prefect_server, state) == (
        f"quarterly · 5 gdp, 1 contract_ledger, 1 nonsense in {raw} · Completed with findings"
    )

    again = quarterly(raw=raw, warehouse=warehouse, return_state=True)
    assert (again.type, again.name) == ("COMPLETED", "Nothing new")
    assert shown_by(prefect_server, again) == {}
    assert name_of(prefect_server, again) == f"quarterly · nothing new in {raw}"

    rejected = "CN/2022Q2/gdp.r2.csv"
    (raw / rejected).write_text("指标名称,环比增长\n地区生产总值,1.2\n", encoding="utf-8")
    bad = quarterly(raw=raw, warehouse=warehouse, zones=["CN"], return_state=True)
    assert bad.message.startswith("3 files, 2 unchanged; 1 rejected; ")
    assert name_of(prefect_server, bad) == (
        f"quarterly · CN · {rejected} in {raw} · Completed with findings"
    )


def test_a_drive_that_stumbles_is_tried_again_and_a_full_one_is_not(
    prefect_server: str, make_raw: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.read import step as reading

    real, calls = reading.read_form, []

    def stumble(*args: Any, **more: Any) -> None:
        calls.append(args[0].code)
        if len(calls) == 1:
            raise OSError(errno.EIO, "the drive is away")
        real(*args, **more)

    monkeypatch.setattr(reading, "read_form", stumble)
    raw = make_raw({"CN/2022Q2/gdp.csv": "指标名称,计量单位,本年累计\n地区生产总值,亿元,1\n"})
    state = quarterly(raw=raw, warehouse=tmp_path / "warehouse", return_state=True)
    assert state.result().changed
    assert calls == ["gdp", "gdp"]
    tasks = {task["name"]: task["run_count"] for task in tasks_of(prefect_server, state, 9)}
    assert tasks["judge gdp 2022Q2"] == 2
    calls.clear()

    def full(*_: Any, **__: Any) -> None:
        calls.append("once")
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(reading, "read_form", full)
    state = quarterly(raw=raw, warehouse=tmp_path / "other", return_state=True)
    assert (state.type, state.name) == ("FAILED", "Failed")
    assert calls == ["once"]
    words = shown_by(prefect_server, state)["what-to-do"]
    assert "no space left" in words and "look at space, permissions" in words
    assert "运行未成功" in words and "Running again is safe" in words


def test_a_step_that_takes_too_long_ends_the_run_and_not_the_readers(
    prefect_server: str, revised: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, warehouse = revised
    before = tree_of(warehouse)
    real = steps.build

    def build_again_and_again(*args: Any) -> int:
        """One build may be over within the time allowed."""
        while True:
            real.__wrapped__(*args)  # type: ignore[attr-defined]

    hurried = as_task("build views", timeout_seconds=0.1)(build_again_and_again)
    monkeypatch.setattr(steps, "build", hurried)
    state = quarterly(raw=raw, warehouse=warehouse, return_state=True)
    assert (state.type, state.name) == ("FAILED", "TimedOut")
    assert "TaskRunTimeoutError('Scope timed out after 0.1 second(s).')" in state.message
    built = tasks_of(prefect_server, state, 6)[-1]
    assert (built["name"], built["state_name"], built["run_count"]) == (
        "build views",
        "TimedOut",
        1,
    )
    words = shown_by(prefect_server, state)["what-to-do"]
    assert "运行超时" in words and "It took longer than allowed" in words
    assert "Readers still have the warehouse" in words
    assert AGAIN.zh in words and AGAIN.en in words
    assert tree_of(warehouse) == before
    assert not (warehouse / "work").exists()
    assert_free(warehouse)
    monkeypatch.setattr(steps, "build", real)
    assert quarterly(raw=raw, warehouse=warehouse).changed
    assert tree_of(warehouse) != before


def test_a_run_that_takes_too_long_ends_as_timed_out(
    prefect_server: str, revised: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(*_: object) -> bool:
        """Time is up in the flow itself: where Prefect begins a task, it would take it for the task's."""
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        time.sleep(60)
        return False

    raw, warehouse = revised
    (raw / "CN/2022Q2/gdp.r2.csv").unlink()
    before = tree_of(warehouse)
    with monkeypatch.context() as patch:
        patch.setattr("flows.orchestration.quarter.is_published", run_out)
        state = quarterly.with_options(timeout_seconds=3600)(
            raw=raw, warehouse=warehouse, return_state=True
        )
    assert (state.type, state.name) == ("FAILED", "TimedOut")
    assert "It took longer than allowed" in shown_by(prefect_server, state)["what-to-do"]
    assert tree_of(warehouse) == before
    assert_free(warehouse)


@pytest.mark.parametrize("holder", ["process 1", "6f1c1f0e-6f0b-4f53-9b0e-0d1f6a1f5a10"])
def test_a_dead_holder_that_the_server_does_not_know_is_passed_over_in_silence(
    holder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_log, "in_flow", lambda: True)
    # outside a run there is no log to complain in: a word would be an error
    run_log.say_lost(holder)


def test_a_mistyped_parameter_is_an_error_not_nothing_to_do(
    make_raw: Callable, tmp_path: Path
) -> None:
    state = quarterly(
        raw=make_raw(), warehouse=tmp_path / "warehouse", zones=["150572"], return_state=True
    )
    assert (state.type, state.name) == ("FAILED", "Failed")
    assert "there is no zone 150572" in state.message


def test_revalidate_lists_for_the_operator_and_judges_again_only_when_told(
    prefect_server: str, small_warehouse: tuple[Path, Path], contents_of: Callable
) -> None:
    raw, warehouse = small_warehouse
    expected = contents_of(warehouse)["ledger.finding"]
    nothing = revalidate(raw, warehouse, return_state=True)
    assert (nothing.name, nothing.message) == (
        "Nothing new",
        "0 submissions were judged by earlier rules; today's say otherwise of 0",
    )
    judged_by_earlier_rules(warehouse, "CN/2022Q2/gdp.csv")
    judged_by_earlier_rules(warehouse, "150571/2022Q3/contract_ledger.csv", forget="VALUE-CODE")
    before = (warehouse / "jibao.duckdb").read_bytes()
    listed = revalidate(raw, warehouse, return_state=True)
    assert (listed.name, listed.message) == (
        "Would change",
        "2 submissions were judged by earlier rules; today's say otherwise of 1",
    )
    otherwise, _, same = shown_by(prefect_server, listed)["revalidation"].partition(
        "## 相同 · The same"
    )
    assert "2 份报送由以前的规则审核；按现行规则有 1 份不同" in otherwise
    assert "- 150571/2022Q3/contract_ledger.csv: partial; rows 2; +VALUE-CODE (1)" in otherwise
    assert "- CN/2022Q2/gdp.csv: accepted; rows 4; the same findings" in same
    assert (warehouse / "jibao.duckdb").read_bytes() == before, "a list changes nothing"
    assert revalidate(raw, warehouse, forms=["gdp"], return_state=True).name == "Nothing new"

    applied = revalidate(raw, warehouse, apply=True, return_state=True)
    assert applied.name == "Completed with findings"
    assert applied.message.startswith("7 files, 5 unchanged; 1 accepted; 1 partial"), (
        applied.message
    )
    assert contents_of(warehouse)["ledger.finding"] == expected
    assert list_changes(raw, warehouse, Selection()) == []
