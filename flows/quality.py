"""The weekly quality report: what is late or missing, what waits to be mended, which rules break.

It reads the readers' copy and writes a Markdown artifact and two tables. The run ends as “Completed
with findings” where something is overdue or held, so that a week that asks for attention can be
told from one that does not.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from prefect import State, flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.states import Completed

from flows.forms.release_calendar import last_ended
from flows.model.clock import today_in_beijing
from flows.orchestration import artifacts, run_log
from flows.orchestration.markdown import plain, tabulate_rows
from flows.orchestration.outstanding import list_outstanding, list_silent, say_days
from flows.orchestration.report import fetch, list_failures, list_open
from flows.orchestration.summary import COMPLETED, WITH_FINDINGS
from flows.orchestration.tasks import HOUR
from flows.orchestration.temporary_server import end_with_us
from flows.warehouse.database import read_published


@flow(
    name="quality",
    flow_run_name="quality of {warehouse}",
    timeout_seconds=HOUR,
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def quality(warehouse: Path = Path("warehouse")) -> dict[str, int]:
    """Report what needs attention in the warehouse as it stands.

    Args:
        warehouse: 数据仓库文件夹 · the folder of everything derived

    """
    end_with_us()
    today = today_in_beijing()
    with read_published(warehouse) as con:
        due = [
            {**row, "due_on": str(row["due_on"] or ""), "days_left": say_days(row["days_left"])}
            for row in list_outstanding(con, today)
        ]
        came = fetch(con, "from metrics.completeness order by period desc, zone limit 40")
        rules = fetch(con, _RULES)
        waiting, broken, silent = list_open(con), list_failures(con), list_silent(con, today)
    overdue = sum(row["days_left"].endswith("overdue") for row in due)
    counts = {"overdue": overdue, "to_mend": len(waiting), "identities_broken": len(broken)}
    parts = [
        f"# 数据质量周报 · Quality report, {today}",
        f"正在报送 · being reported: **{last_ended(today)}**. "
        + ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in counts.items()),
        "## 待报 · Still to come\n\n" + (tabulate_rows(due) if due else "无 · nothing is due"),
        "\n".join(f"- {plain(zone)}: {last} 之后没有报送 · nothing since" for zone, last in silent),
        "## 报送情况 · What came\n\n" + tabulate_rows(came),
        "## 规则 · Rules broken in the submissions that stand\n\n"
        + (tabulate_rows(rules) if rules else "无 · none"),
    ]
    with run_log.spared("the report"):
        create_markdown_artifact(
            "\n\n".join(p for p in parts if p), key="quality-report", description=f"{today}"
        )
        if waiting:
            create_table_artifact(
                waiting,
                key="to-be-mended",
                description="待处理的报送 · submissions that wait to be mended or explained",
            )
        if broken:
            create_table_artifact(
                broken,
                key="reconciliation-failures",
                description="不成立的平衡关系 · identities that do not hold",
            )
    name = WITH_FINDINGS if any(counts.values()) else COMPLETED
    state: State[dict[str, int]] = Completed(
        name=name, message=", ".join(f"{k}: {v}" for k, v in counts.items()), data=counts
    )
    return cast(dict[str, int], state)


_RULES = """
select
    f.code, f.severity, any_value(f.rule_zh) as rule_zh, any_value(f.rule_en) as rule_en,
    count(*) as times, count(distinct f.submission) as submissions
from ledger.finding as f inner join staging.submission_status as s on f.submission = s.submission
where s.is_current and f.outcome = 'broken'
group by f.code, f.severity order by times desc, f.code limit 30
"""
