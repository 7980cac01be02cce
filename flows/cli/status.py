"""`jibao status` tells what came, what is late or missing, what is due next, and how the last run
ended.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich import box
from rich.table import Table

from flows.cli.terminal import WarehouseOption, escape, in_words, out, print_relation
from flows.forms.release_calendar import last_ended
from flows.model.clock import say_moment, today_in_beijing
from flows.orchestration.outstanding import (
    list_outstanding,
    list_rejected,
    list_silent,
    say_days,
)
from flows.orchestration.questions import list_questions, say_influence
from flows.publish.acceptances import list_waiting
from flows.warehouse.database import read_published
from flows.warehouse.failure import last_failure

_MOST_QUESTIONS = 5
_MOST_REJECTED = 10
_MOST_QUARTERS = 30  # lines, a zone and a quarter each


@in_words
def status(
    warehouse: WarehouseOption = Path("warehouse"),
    day: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="As of this day; today where none is given."),
    ] = None,
) -> None:
    """Submissions by zone and quarter, late, missing and due ones, and the last run."""
    today = day.date() if day else today_in_beijing()
    with read_published(warehouse) as con:
        _print_completeness(con)
        _print_waiting(con)
        _print_rejected(con)
        _print_questions(con)
        _print_outstanding(con, today)
        _print_last_run(con)
    if failed := last_failure(warehouse):
        out.print(
            f"上次运行未成功 · the last run failed: {escape(failed.run)}, "
            f"{say_moment(failed.failed_at)}: {escape(failed.problem)}；"
            "读者手中的仍是再上一次的，请重新运行 · readers have the run before; run again",
            style="red",
            soft_wrap=True,
        )


def _print_completeness(con: duckdb.DuckDBPyConnection) -> None:
    """What came of what was due, by zone and quarter: the newest quarters, where there are many."""
    con.execute("create temp table completeness as from metrics.completeness")
    print_relation(
        con.sql(f"""
            select c.zone as "地区 zone", c.period as "报告期 period", c.forms_due as "应报 due",
                c.forms_received as "已报 came", c.forms_late as "迟报 late",
                c.forms_rejected as "退回 rejected",
                c.forms_due - c.forms_received as "缺报 missing",
                c.findings_query as "请说明 queries", c.rows_held as "扣留行 held"
            from completeness as c
            qualify row_number() over (order by c.period desc, c.zone) <= {_MOST_QUARTERS}
            order by c.zone, c.period
        """)
    )
    [(lines,)] = con.execute("select count(*) from completeness").fetchall()
    if lines > _MOST_QUARTERS:
        out.print(
            f"  另有较早的 {lines - _MOST_QUARTERS} 行 · {lines - _MOST_QUARTERS} earlier lines: "
            'jibao sql "from metrics.completeness"',
            soft_wrap=True,
        )


def _print_waiting(con: duckdb.DuckDBPyConnection) -> None:
    """Resubmissions that alter a published figure and that nobody has accepted."""
    waiting = list_waiting(con)
    if not waiting:
        return
    out.print(
        "待同意的修订 · Revisions of published figures that wait to be accepted", soft_wrap=True
    )
    for w in waiting:
        accept = f'jibao accept {w} --reason "…"'
        out.print(
            f"  {escape(w.path)}：与发布版 {w.edition} 有 {w.figures_altered} 个数不同 · "
            f"{w.figures_altered} figures of edition {w.edition} differ; "
            f"同意请用 to let it stand: {escape(accept)}",
            soft_wrap=True,
        )


def _print_rejected(con: duckdb.DuckDBPyConnection) -> None:
    """Files that were sent back and that nothing has followed: by name, with what is wrong, and
    which file stands in their place. A correction is one of them.
    """
    rejected = list_rejected(con, _MOST_REJECTED)
    if not rejected:
        return
    out.print("退回后尚未改正的文件 · Files sent back and not yet corrected", soft_wrap=True)
    for r in rejected:
        stands = (
            f"现行的仍是 {r['standing']} · {r['standing']} stands"
            if r["standing"]
            else "没有现行的 · none stands"
        )
        out.print(f"  {escape(r['path'])}: {escape(r['codes'])}; {escape(stands)}", soft_wrap=True)
    if (more := rejected[0]["of"] - len(rejected)) > 0:
        out.print(
            f"  另有 {more} 份 · {more} more: "
            "jibao sql \"from staging.submission_status where status = 'rejected'\"",
            soft_wrap=True,
        )


def _print_questions(con: duckdb.DuckDBPyConnection) -> None:
    """Open questions, those first whose answer could alter a published number most."""
    questions = list_questions(con, _MOST_QUESTIONS)
    if not questions:
        return
    out.print(
        "待核实的问题，按可能的影响排列 · Open questions by what they could move, in points",
        soft_wrap=True,
    )
    for q in questions:
        out.print(
            f"  {say_influence(q['influence_pp']):>6}  "
            + escape(
                f"{q['path']} {q['cell'] or ''} {q['code']}: {q['message_zh']} · {q['message_en']}"
            ),
            soft_wrap=True,
        )


def _print_outstanding(con: duckdb.DuckDBPyConnection, today: dt.date) -> None:
    """What is still to come, with the days left, and who is not asked any more."""
    out.print(
        f"待报 · "
        f"Still to come, as of {today} （当前报告期 quarter being reported: {last_ended(today)}）",
        soft_wrap=True,
    )
    if rows := list_outstanding(con, today):
        table = Table(box=box.SIMPLE_HEAD)
        for heading in ("地区 zone", "报告期 period", "截止 due", "天数 days", "报表 forms"):
            table.add_column(heading, overflow="fold", no_wrap=not heading.endswith("forms"))
        for row in rows:
            late = row["days_left"] is not None and row["days_left"] < 0
            cells = (
                row["zone"],
                row["period"],
                str(row["due_on"] or "—"),
                say_days(row["days_left"]),
                row["forms"],
            )
            table.add_row(*cells, style="yellow" if late else None)
        out.print(table)
    else:
        out.print("  没有待报的 · nothing is due")
    if silent := list_silent(con, today):
        listed = ", ".join(f"{zone} ({last})" for zone, last in silent)
        out.print(
            f"  不再催报（末次报送）· no longer asked for, with the last quarter sent: {listed}",
            soft_wrap=True,
        )


def _print_last_run(con: duckdb.DuckDBPyConnection) -> None:
    last = con.execute(
        "select run, finished_at, accepted, partial, rejected from ledger.run "
        "order by run desc limit 1"
    ).fetchone()
    if last is None:
        return
    run, finished, *counts = last
    kinds = ("accepted 入库", "partial 部分入库", "rejected 退回")
    became = ", ".join(f"{n} {what}" for n, what in zip(counts, kinds, strict=True))
    what = became if any(counts) else "只重建视图，没有审核文件 views built anew, no file judged"
    # a run's own file, looked at before its time, is not published
    at = f"完成于 finished {say_moment(finished)}" if finished else "尚未公布 not published"
    out.print(f"上次运行 last run {run}, {at}: {what}", soft_wrap=True)
