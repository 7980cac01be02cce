"""The command line: `jibao status` tells what came, what is late or missing, what is due next, and how the last run ended."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich import box
from rich.table import Table

from flows.calendars import last_ended
from flows.cli.terminal import WarehouseOption, in_words, out, print_relation
from flows.editions import list_waiting
from flows.warehouse import read_published

_BEIJING = dt.timezone(dt.timedelta(hours=8))


@in_words
def status(
    warehouse: WarehouseOption = Path("warehouse"),
    day: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; today where none is given.")] = None,
) -> None:
    """Submissions by zone and quarter, late, missing and due ones, and the last run."""
    today = day.date() if day else dt.datetime.now(_BEIJING).date()
    with read_published(warehouse) as con:
        print_relation(
            con.sql("""
            select c.zone, c.period, c.forms_due as due, c.forms_received as came, c.forms_late as late, c.forms_rejected as rejected,
                c.forms_due - c.forms_received as missing, c.findings_query as queries, c.rows_held as held
            from metrics.completeness as c order by c.zone, c.period
        """)
        )
        _print_waiting(con)
        _print_outstanding(con, today)
        _print_last_run(con)


def _print_waiting(con: duckdb.DuckDBPyConnection) -> None:
    """Resubmissions that alter a published figure and that nobody has accepted."""
    waiting = list_waiting(con)
    if not waiting:
        return
    out.print("待同意的修订 · Revisions of published figures that wait to be accepted", soft_wrap=True)
    for w in waiting:
        accept = f'jibao accept {w} --reason "…"'
        out.print(f"  {w.path}: {w.figures_altered} figures of edition {w.edition} differ; to let it stand: {accept}", soft_wrap=True)


def _print_outstanding(con: duckdb.DuckDBPyConnection, today: dt.date) -> None:
    """What is still to come for the quarters of the last year, the one being reported included, with the days left."""
    period = last_ended(today)
    rows = con.execute(
        """
        select d.zone, d.period, d.due_on, date_diff('day', ?::date, d.due_on), string_agg(d.form, ', ' order by d.form)
        from metrics.submission_due as d
        where d.due_status in ('missing', 'rejected') and d.period between ? and ?
        group by all order by d.due_on desc nulls last, d.period desc, d.zone
    """,
        [today, str(period.year_earlier()), str(period)],
    ).fetchall()
    silent = con.execute(
        "select c.zone, max(c.period) from metrics.completeness as c group by c.zone having max(c.period) < ? order by all",
        [str(period.year_earlier())],
    ).fetchall()
    out.print(f"待报 · Still to come, as of {today} (quarter being reported: {period})", soft_wrap=True)
    if rows:
        table = Table(box=box.SIMPLE_HEAD)
        for heading in ("zone", "period", "due", "days", "forms"):
            table.add_column(heading, overflow="fold", no_wrap=heading != "forms")
        for zone, of, due_on, left, forms in rows:
            table.add_row(zone, of, str(due_on or "—"), _say_days(left), forms, style="yellow" if left is not None and left < 0 else None)
        out.print(table)
    else:
        out.print("  nothing is due")
    for zone, last in silent:
        out.print(f"  {zone} has sent nothing since {last}; no longer asked for", soft_wrap=True)


def _say_days(left: int | None) -> str:
    """The days to the due day in words."""
    if left is None:
        return "—"
    return "today" if left == 0 else f"{left} left" if left > 0 else f"{-left} overdue"


def _print_last_run(con: duckdb.DuckDBPyConnection) -> None:
    last = con.execute("select run, finished_at, accepted, partial, rejected from ledger.run order by run desc limit 1").fetchone()
    if last is None:
        return
    run, finished, *counts = last
    became = ", ".join(f"{n} {what}" for n, what in zip(counts, ("accepted", "partial", "rejected"), strict=True))
    what = became if any(counts) else "views built anew, no file judged"
    out.print(f"last run {run}, finished {finished:%Y-%m-%d %H:%M} UTC: {what}", soft_wrap=True)
