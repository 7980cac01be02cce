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
from rich.markup import escape
from rich.table import Table

from flows.cli.terminal import WarehouseOption, in_words, out, print_relation
from flows.forms.release_calendar import last_ended
from flows.model.clock import today_in_beijing
from flows.orchestration.outstanding import list_outstanding, list_silent, say_days
from flows.orchestration.questions import list_questions, say_influence
from flows.publish.acceptances import list_waiting
from flows.warehouse.database import read_published
from flows.warehouse.failure import last_failure

_MOST_QUESTIONS = 5
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
        _print_questions(con)
        _print_outstanding(con, today)
        _print_last_run(con)
    if failed := last_failure(warehouse):
        out.print(
            f"上次运行未成功 · the last run failed: {escape(failed.run)}, {failed.failed_at}: "
            f"{escape(failed.problem)}; readers have the run before; run again",
            style="red",
            soft_wrap=True,
        )


def _print_completeness(con: duckdb.DuckDBPyConnection) -> None:
    """What came of what was due, by zone and quarter: the newest quarters, where there are many."""
    con.execute("create temp table completeness as from metrics.completeness")
    print_relation(
        con.sql(f"""
            select c.zone, c.period, c.forms_due as due, c.forms_received as came,
                c.forms_late as late, c.forms_rejected as rejected,
                c.forms_due - c.forms_received as missing, c.findings_query as queries,
                c.rows_held as held
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
            f"  {w.path}: {w.figures_altered} figures of edition {w.edition} differ; "
            f"to let it stand: {accept}",
            markup=False,
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
            f"  {say_influence(q['influence_pp']):>6}  {q['path']} {q['cell'] or ''} {q['code']}: "
            f"{q['message_zh']} · {q['message_en']}",
            markup=False,
            soft_wrap=True,
        )


def _print_outstanding(con: duckdb.DuckDBPyConnection, today: dt.date) -> None:
    """What is still to come, with the days left, and who is not asked any more."""
    out.print(
        f"待报 · Still to come, as of {today} (quarter being reported: {last_ended(today)})",
        soft_wrap=True,
    )
    if rows := list_outstanding(con, today):
        table = Table(box=box.SIMPLE_HEAD)
        for heading in ("zone", "period", "due", "days", "forms"):
            table.add_column(heading, overflow="fold", no_wrap=heading != "forms")
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
        out.print("  nothing is due")
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
    became = ", ".join(
        f"{n} {what}" for n, what in zip(counts, ("accepted", "partial", "rejected"), strict=True)
    )
    what = became if any(counts) else "views built anew, no file judged"
    at = (
        f"finished {finished:%Y-%m-%d %H:%M} UTC" if finished else "not published"
    )  # a run's own file, looked at before its time
    out.print(f"last run {run}, {at}: {what}", soft_wrap=True)
