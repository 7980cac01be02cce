"""Judge by today's rules what was judged by earlier ones, and list what would change.

With `apply`, the quarterly flow judges these submissions again and replaces what it had loaded of
them. A run that finds nothing to change says so in the state it ends in.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from prefect import State, flow
from prefect.artifacts import create_markdown_artifact
from prefect.states import Completed

from flows.model.text import show_control
from flows.orchestration import artifacts, run_log
from flows.orchestration.changes import Change, list_changes
from flows.orchestration.markdown import plain_item
from flows.orchestration.parameters import FormCode, PeriodCode, ZoneCode
from flows.orchestration.selection import choose
from flows.orchestration.summary import NOTHING_NEW
from flows.orchestration.tasks import HOUR
from flows.orchestration.temporary_server import end_with_us
from flows.quarterly import quarterly

WOULD_CHANGE = "Would change"


@flow(
    name="revalidate",
    flow_run_name="revalidate {warehouse}",
    validate_parameters=True,
    timeout_seconds=6 * HOUR,
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def revalidate(
    raw: Path = Path("raw"),
    warehouse: Path = Path("warehouse"),
    zones: list[ZoneCode] | None = None,
    periods: list[PeriodCode] | None = None,
    forms: list[FormCode] | None = None,
    apply: bool = False,
) -> list[str]:
    """List what today's rules would change, a line for each submission; with `apply`, judge them
    again.

    Args:
        raw: 报送文件所在的文件夹 · the folder of submissions, where each file still is as it was
            sent
        warehouse: 数据仓库文件夹 · the folder of everything derived
        zones: 只看这些地区，不选即全部 · look at these zones only; all where none are chosen
        periods: 只看这些季度，如 2022Q3，不填即全部 · look at these quarters only, e.g. 2022Q3; all
            where none are given
        forms: 只看这些报表，不选即全部 · look at these forms only; all where none are chosen
        apply: 按现行规则重新审核并入库；不选则只列出 · judge them again and load them; otherwise
            only list them


    """
    end_with_us()
    changes = list_changes(raw, warehouse, choose(zones, periods, forms, raw))
    lines = [change.describe() for change in changes]
    for line in lines:
        run_log.log().info(show_control(line))
    message = _show(changes)
    name = NOTHING_NEW if all(change.is_none for change in changes) else WOULD_CHANGE
    if apply and changes:
        summary = quarterly(
            raw=raw, warehouse=warehouse, again=[c.before.received for c in changes]
        )
        name, message = summary.outcome, summary.describe()
    state: State[list[str]] = Completed(name=name, message=message, data=lines)
    return cast(list[str], state)


def _show(changes: list[Change]) -> str:
    """The list as an artifact; says in a line what is in it."""
    other = [change for change in changes if not change.is_none]
    en = (
        f"{len(changes)} submissions were judged by earlier rules; "
        f"today's say otherwise of {len(other)}"
    )
    zh = f"{len(changes)} 份报送由以前的规则审核；按现行规则有 {len(other)} 份不同"
    parts = [
        "# 复审 · Revalidation",
        f"{zh} · {en}",
        *(
            f"## {heading}\n\n"
            + "\n".join(f"- {plain_item(change.describe())}" for change in group)
            for heading, group in (
                ("不同 · Otherwise", other),
                ("相同 · The same", [c for c in changes if c.is_none]),
            )
            if group
        ),
    ]
    with run_log.spared("the list"):
        create_markdown_artifact("\n\n".join(parts), key="revalidation", description=en)
    return en
