"""Run a range of quarters, one after the other, oldest first.

Each quarter is a run of its own and stays when a later one fails: started again, the backfill
passes over the quarters that are in the warehouse and goes on with the first that is not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.forms.release_calendar import span
from flows.model.period import parse_period
from flows.model.submission import HISTORY
from flows.orchestration import artifacts, run_log
from flows.orchestration.markdown import tabulate
from flows.orchestration.parameters import FormCode, PeriodCode, ZoneCode
from flows.orchestration.selection import choose, find_new
from flows.orchestration.summary import RunSummary
from flows.orchestration.temporary_server import end_with_us
from flows.quarterly import quarterly
from flows.receive.step import Selection


@flow(
    name="backfill",
    flow_run_name="backfill {first} to {last}",
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def backfill(
    first: PeriodCode,
    last: PeriodCode,
    raw: Path = Path("raw"),
    warehouse: Path = Path("warehouse"),
    zones: list[ZoneCode] | None = None,
    forms: list[FormCode] | None = None,
) -> dict[str, str]:
    """Bring a range of quarters into the warehouse, oldest first, without those that are there.

    Args:
        first: 最早的季度，如 2022Q1 · the oldest quarter, e.g. 2022Q1
        last: 最晚的季度，如 2024Q4 · the newest quarter, e.g. 2024Q4
        raw: 报送文件所在的文件夹 · the folder of submissions
        warehouse: 数据仓库文件夹 · the folder of everything derived
        zones: 只处理这些地区，不选即全部 · take only these zones; all where none are chosen
        forms: 只处理这些报表，不选即全部 · take only these forms; all where none are chosen


    """
    end_with_us()
    outcomes = run_quarters(
        first,
        last,
        raw,
        warehouse,
        choose(zones, None, forms, raw),
        lambda period: quarterly(raw, warehouse, zones, [period], forms),
    )
    with run_log.spared("the summary"):
        table = tabulate(("报告期 period", "结果 what became of it"), outcomes.items())
        text = f"# 补录 · Backfill {first}–{last}\n\n{table}"
        create_markdown_artifact(text, key="backfill", description=f"{first}–{last}")
    return outcomes


def run_quarters(
    first: str,
    last: str,
    raw: Path,
    warehouse: Path,
    selection: Selection,
    run: Callable[[str], RunSummary],
) -> dict[str, str]:
    """The body of the flow: call `run` for each quarter that has something new, oldest first.

    Returns what became of each quarter of the range. Raises ValueError for an empty range, and
    whatever `run` raises: the quarters before it stay.
    """
    quarters = [str(period) for period in span(parse_period(first), parse_period(last))]
    if not quarters:
        raise ValueError(
            f"起始季度 {first} 晚于终止季度 {last} · "
            f"first is {first} and last is {last}: the range ends before it begins"
        )
    received = find_new(raw, warehouse, selection)
    sent = received.periods
    new = {submission.period for submission in received.new}
    if HISTORY in new:  # a file of histories goes with the first of the quarters
        new.add(quarters[0])
    outcomes: dict[str, str] = {}
    with run_log.progress(len(quarters)) as count_one:
        for period in quarters:
            if period in new:
                outcomes[period] = run(period).describe()
            elif period in sent:
                outcomes[period] = "已在仓库 · already in the warehouse"
            else:
                outcomes[period] = "无报送文件 · nothing was sent"
            run_log.log().info("%s: %s", period, outcomes[period])
            count_one()
    return outcomes
