"""Flow: backfill. A range of quarters, one after the other, oldest first.

Each quarter is a run of its own and stays when a later one fails: started again, the backfill
passes over the quarters that are in the warehouse and goes on with the first that is not.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.forms.release_calendar import span
from flows.model.period import parse_period
from flows.orchestration import artifacts as artifacts
from flows.orchestration.parameters import FormCode, PeriodCode, ZoneCode
from flows.quarterly import choose, find_new, quarterly


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
    """Bring a range of quarters into the warehouse, oldest first; what is there already is passed
    over.

    Args:
        first: 最早的季度，如 2022Q1 · the oldest quarter, e.g. 2022Q1
        last: 最晚的季度，如 2024Q4 · the newest quarter, e.g. 2024Q4
        raw: 报送文件所在的文件夹 · the folder of submissions
        warehouse: 数据仓库文件夹 · the folder of everything derived
        zones: 只处理这些地区，不选即全部 · take only these zones; all where none are chosen
        forms: 只处理这些报表，不选即全部 · take only these forms; all where none are chosen


    """
    quarters = [str(period) for period in span(parse_period(first), parse_period(last))]
    if not quarters:
        raise ValueError(f"first is {first} and last is {last}: the range ends before it begins")
    found = find_new(raw, warehouse, choose(zones, None, forms, raw))
    sent, new = (
        {path.split("/")[1] for path in found.present if path.count("/") == 2},
        {s.period for s in found.new},
    )
    log, told = get_run_logger(), dict[str, str]()
    with artifacts.progress(len(quarters)) as count_one:
        for period in quarters:
            if period in new:
                told[period] = quarterly(raw, warehouse, zones, [period], forms).describe()
            else:
                told[period] = (
                    "已在仓库 · already in the warehouse"
                    if period in sent
                    else "无报送文件 · nothing was sent"
                )
            log.info("%s: %s", period, told[period])
            count_one()
    lines = [f"| {period} | {what} |" for period, what in told.items()]
    with artifacts.spared("the summary"):
        text = "\n".join(
            [
                f"# 补录 · Backfill {first}–{last}\n",
                "| 报告期 period | 结果 what became of it |",
                "| --- | --- |",
                *lines,
            ]
        )
        create_markdown_artifact(text, key="backfill", description=f"{first}–{last}")
    return told
