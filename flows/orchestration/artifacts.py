"""What the operator sees of a run in Prefect: artifacts, names, the states it waits and ends in.

Nothing here may stop a run: the warehouse is what counts, and a server that does not answer for a
moment costs a picture, never a figure. Where no flow runs, nothing is shown, and what is logged
goes to the logger of the package.
"""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path
from typing import Any, cast

from prefect import Flow, State, get_client, runtime
from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed

from flows.build import step as building
from flows.orchestration.chart import draw_sectors
from flows.orchestration.faults import AGAIN, remedy_of
from flows.orchestration.lineage import tell_lineage, trace
from flows.orchestration.markdown import block
from flows.orchestration.report import (
    list_failures,
    list_held,
    tell_counts,
    tell_run,
)
from flows.orchestration.run_log import say_name, spared
from flows.orchestration.summary import NOTHING_NEW, WITH_FAULTS, WITH_FINDINGS, RunSummary
from flows.warehouse.database import read_published


def name_run(summary: RunSummary | None = None) -> str:
    """The name of a run: what it takes, in the words of its parameters, and the files or forms once
    the `summary` knows them.
    """
    given = runtime.flow_run.parameters
    taken = [", ".join(given[what]) for what in ("zones", "periods", "forms") if given.get(what)]
    kind = (
        "rebuild"
        if given.get("rebuild")
        else "dry run"
        if given.get("dry_run")
        else runtime.deployment.name or "quarterly"
    )
    everything = "everything" if given.get("rebuild") else "whatever is new"
    files = [summary.taken or "nothing new"] if summary and not given.get("rebuild") else []
    return f"{kind} · {' · '.join(taken + files) or everything} in {given.get('raw')}"


def rename_run(summary: RunSummary) -> None:
    """Name the run by what it takes, and by its outcome where that asks for somebody."""
    ending = f" · {summary.outcome}" if summary.outcome in (WITH_FINDINGS, WITH_FAULTS) else ""
    say_name(f"{name_run(summary)}{ending}")


def conclude(summary: RunSummary) -> RunSummary:
    """The state that a run ends in, named by its outcome; whoever called the flow gets the summary
    itself.
    """
    rename_run(summary)
    state: State[RunSummary] = Completed(
        name=summary.outcome, message=summary.describe(), data=summary
    )
    return cast(RunSummary, state)


def show_run(summary: RunSummary, warehouse: Path) -> None:
    """Everything that the operator sees of a run that is over."""
    if summary.outcome == NOTHING_NEW:
        return
    if not summary.changed:
        with spared("the summary"):
            create_markdown_artifact(
                tell_counts(summary), key="run-summary", description=summary.describe()
            )
        return
    with spared("the run"), read_published(warehouse) as con:
        with spared("the summary"):
            create_markdown_artifact(
                tell_run(con, summary, warehouse),
                key="run-summary",
                description=summary.describe(),
            )
        with spared("the held rows"):
            _show_rows(
                list_held(con, summary.run),
                "quarantined-rows",
                "扣留的行与改正办法 · rows held, and how to mend them",
            )
        with spared("the reconciliation"):
            _show_rows(
                list_failures(con),
                "reconciliation-failures",
                "不成立的平衡关系 · identities that do not hold",
            )
        with spared("the chart"):
            if picture := draw_sectors(con, summary.run):
                address = "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
                create_image_artifact(
                    address,
                    key="sector-chart",
                    description="三次产业拉动 · points of growth by sector",
                )
        with spared("the lineage"):
            lineage = trace(con, summary.run, building.order_relations())
            create_markdown_artifact(
                tell_lineage(lineage),
                key="lineage",
                description="文件 → 表 → 视图 · file to table to view",
            )


def _show_rows(rows: list[dict[str, Any]], key: str, words: str) -> None:
    """A table, where there is a row to show."""
    if rows:
        create_table_artifact(rows, key=key, description=f"{words} ({len(rows)})")


def explain_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook: what a person can do about a run that is red, as an artifact of that run."""
    del flow  # hooks are called by these names
    try:
        fault = state.result(raise_on_failure=False)
    except Exception as error:  # a crash may leave nothing to look at
        fault = error
    words = remedy_of(fault) if isinstance(fault, BaseException) else remedy_of(RuntimeError())
    problem = (
        f"{type(fault).__name__}: {fault}"
        if isinstance(fault, BaseException)
        else str(state.message)
    )
    text = (
        f"# 运行未成功 · The run is red\n\n{block(problem[:3000])}\n\n"
        f"{words.zh}\n\n{words.en}\n\n"
        f"读者手中的数据仓库仍是上一次成功运行的。{AGAIN.zh}\n\n"
        f"Readers still have the warehouse of the last run that ended well. {AGAIN.en}"
    )
    with contextlib.suppress(Exception), get_client(sync_client=True) as client:
        client.create_artifact(
            ArtifactCreate(type="markdown", key="what-to-do", data=text, flow_run_id=flow_run.id)
        )
