"""Lineage as Prefect's assets: the events of real runs, read back from the server, beside the warehouse they speak of."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import assets
from flows.build.step import order_relations
from flows.model.errors import BuildError
from flows.orchestration.lineage import tell_lineage, trace
from flows.publish.step import EXPORTS
from tests.asking import ask, wait_for

MADE, FAILED, REFERENCED = (
    "prefect.asset.materialization.succeeded",
    "prefect.asset.materialization.failed",
    "prefect.asset.referenced",
)

Event = dict[str, Any]


def events_of(server: str, name: str, flow_run: str) -> list[Event]:
    """All events of a name that belong to a run of the flow, page after page."""
    asked = {
        "event": {"name": [name]},
        "occurred": {"since": "2020-01-01T00:00:00Z"},
        "related": {"id": [f"prefect.flow-run.{flow_run}"]},
    }
    answer = ask(f"{server}/events/filter", {"filter": asked, "limit": 50})
    found = answer["events"]
    while answer["next_page"]:
        answer = ask(answer["next_page"])
        found += answer["events"]
    return list(found)


def made_in(server: str, flow_run: str, until: int, patience_s: float = 60) -> dict[str, Event]:
    """The assets that a run has made, once there are so many; events come in a moment after the run."""
    end = time.monotonic() + patience_s
    while len(found := events_of(server, MADE, flow_run)) < until and time.monotonic() < end:
        time.sleep(0.5)
    made = {event["resource"]["prefect.resource.id"]: event for event in found}
    assert len(made) == len(found), "each asset once a run"
    return made


def made_from(event: Event) -> set[str]:
    return {
        r["prefect.resource.id"] for r in event["related"] if r["prefect.resource.role"] == "asset"
    }


def newest_flow_run(server: str) -> dict[str, Any]:
    return dict(ask(f"{server}/flow_runs/filter", {"sort": "START_TIME_DESC", "limit": 1})[0])


@pytest.mark.usefixtures("unjudged")
def test_what_a_run_makes_is_told_with_what_it_is_made_from_and_its_rows(
    run_flow: Callable,
    make_raw: Callable,
    tmp_path: Path,
    prefect_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from flows.build import step as build

    raw, warehouse = make_raw(), tmp_path / "warehouse"
    # what an indicator is called comes with the package, and no submission is in it
    views = [v for v in order_relations() if v.name != "staging.local_title"]
    summary = run_flow(raw, warehouse)
    first = newest_flow_run(prefect_server)["id"]
    tables = {
        "core.observation": {"jibao://raw/gdp"},
        "core.contract_ledger": {"jibao://raw/contract_ledger"},
    }
    made = made_in(prefect_server, first, len(views) + 3)
    assert set(made) == {assets.key_of(name) for name in (*tables, *(v.name for v in views))} | {
        "jibao://published"
    }, "none a file"
    for table, forms in tables.items():
        assert made_from(made[assets.key_of(table)]) == forms, table
    for view in views:
        read = {
            assets.key_of(name)
            for name in view.reads
            if not name.startswith("ref.") and name != "staging.local_title"
        }
        assert made_from(made[assets.key_of(view.name)]) == read != set(), view.name
    shown = {f"jibao://metrics/{name}" for name in EXPORTS}
    assert shown < made_from(made["jibao://published"]) <= {assets.key_of(v.name) for v in views}
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        for name in (*tables, *(v.name for v in views)):
            event = made[assets.key_of(name)]
            assert (
                event["payload"]["rows"] == con.sql(f"select count(*) from {name}").fetchone()[0]
            ), name  # type: ignore[index]
            zh, _, en = event["resource"]["prefect.asset.description"].partition("\n\n")
            assert any("\u4e00" <= c <= "\u9fff" for c in zh) and len(en.split()) > 1, name
            assert event["payload"]["run"] == summary.run
        for name in EXPORTS:
            assert (
                made["jibao://published"]["payload"][name]
                == con.sql(f"select count(*) from metrics.{name}").fetchone()[0]
            )  # type: ignore[index]
    assert made["jibao://core/observation"]["payload"]["forms"] == {
        "gdp": {"files": 5, "read": 20, "held": 5, "accepted": 15}
    }
    raw_forms = {
        e["resource"]["prefect.resource.id"]: e["resource"]
        for e in events_of(prefect_server, REFERENCED, first)
    }
    assert raw_forms["jibao://raw/gdp"]["prefect.resource.name"].endswith(
        " · Gross regional product by sector"
    )

    # a run that fails has made nothing: what it loaded is thrown away
    (raw / "CN/2022Q2/gdp.r2.csv").write_text(
        (raw / "CN/2022Q2/gdp.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8"
    )
    real = build._audit

    def fail(*_: Any) -> None:
        raise BuildError("check.x: not so")

    monkeypatch.setattr(build, "_audit", fail)
    with pytest.raises(BuildError):
        run_flow(raw, warehouse)
    failed = newest_flow_run(prefect_server)
    assert failed["state_type"] == "FAILED"
    monkeypatch.setattr(build, "_audit", real)

    # the next one takes over what it had judged, and tells of what it publishes; only the form that came
    run_flow(raw, warehouse)
    second = newest_flow_run(prefect_server)["id"]
    made = made_in(prefect_server, second, len(views) + 2)
    assert set(made) == {
        assets.key_of(name) for name in ("core.observation", *(v.name for v in views))
    } | {"jibao://published"}
    assert made["jibao://core/observation"]["payload"] | {"run": ""} == {
        "run": "", "rows": 19, "forms": {"gdp": {"files": 1, "read": 4, "held": 0, "accepted": 4}},
    }  # fmt: skip
    known = {"flow_runs": {"id": {"any_": [second]}}}
    cached = wait_for(
        "a task taken over",
        lambda: [
            t["name"]
            for t in ask(f"{prefect_server}/task_runs/filter", known)
            if t["state_name"] == "Cached"
        ],
        patience_s=60,
    )
    assert cached == ["take over gdp 2022Q2"]
    assert (
        events_of(prefect_server, MADE, failed["id"])
        == events_of(prefect_server, FAILED, failed["id"])
        == []
    )

    # and one that finds nothing new has nothing to tell
    assert run_flow(raw, warehouse).changed is False
    assert events_of(prefect_server, MADE, newest_flow_run(prefect_server)["id"]) == []


@pytest.mark.usefixtures("unjudged")
def test_assets_that_cannot_be_told_stop_nothing(
    run_flow: Callable,
    make_raw: Callable,
    tmp_path: Path,
    prefect_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise ConnectionError("the server is away")

    monkeypatch.setattr(assets, "_emit", fail)
    assert run_flow(
        make_raw({"CN/2022Q2/gdp.csv": "指标名称,计量单位,本年累计\n地区生产总值,亿元,1\n"}),
        tmp_path / "warehouse",
    ).changed
    run = newest_flow_run(prefect_server)
    assert run["state_type"] == "COMPLETED"
    shown = ask(
        f"{prefect_server}/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    )
    assert {"run-summary", "lineage"} <= {artifact["key"] for artifact in shown}, (
        "the page is there all the same"
    )


def test_rows_that_would_take_too_long_to_count_are_left_out_and_the_rest_is_told(
    run_file: Path,
) -> None:
    with duckdb.connect(str(run_file), read_only=True) as con:
        counted, hurried = (trace(con, "run-1", order_relations(), seconds) for seconds in (60, 0))
    assert {step.rows for step in hurried.steps} == {None}
    assert {step.name: step.reads for step in hurried.steps} == {
        step.name: step.reads for step in counted.steps
    }
    assert "| `core.observation` | raw | — |" in tell_lineage(hurried)
    assert "| `core.observation` | raw | 15 |" in tell_lineage(counted)
