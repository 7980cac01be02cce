"""What is outstanding on a day: submissions still to come, and zones that have fallen silent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb

from flows.forms.release_calendar import last_ended
from flows.warehouse.database import fetch_rows


def list_outstanding(con: duckdb.DuckDBPyConnection, today: dt.date) -> list[dict[str, Any]]:
    """What is still to come for the quarters of the last year, with the days left.

    The quarter that is being reported is one of them. Nothing is asked of a zone that is silent.
    """
    period = last_ended(today)
    silent = {zone for zone, _ in list_silent(con, today)}
    # no parameters: to convert one DuckDB imports pandas, for which `jibao status` would wait
    outstanding = fetch_rows(
        con,
        f"""
        select d.zone, d.period, d.due_on, date_diff('day', date '{today}', d.due_on) as days_left,
            string_agg(d.form, ', ' order by d.form) as forms
        from metrics.submission_due as d
        where
            d.due_status in ('missing', 'rejected')
            and d.period between '{period.year_earlier()}' and '{period}'
        group by all order by d.due_on desc nulls last, d.period desc, d.zone
        """,
    )
    return [row for row in outstanding if row["zone"] not in silent]


def list_silent(con: duckdb.DuckDBPyConnection, today: dt.date) -> list[tuple[str, str]]:
    """Zones that have sent nothing for longer than a year, with their last quarter.

    They are not asked any more.
    """
    return con.execute(
        "select c.zone, max(c.period) from metrics.completeness as c group by c.zone "
        f"having max(c.period) < '{last_ended(today).year_earlier()}' order by all"
    ).fetchall()


def list_rejected(con: duckdb.DuckDBPyConnection, most: int) -> list[dict[str, Any]]:
    """Submissions that were rejected and that nothing newer has followed, the newest first: the
    rules that rejected them, the path of the one that stands, and `of` how many there are.
    """
    return fetch_rows(
        con,
        f"""
        with newest as (
            select s.submission, s.path, s.zone, s.period, s.form, s.status, s.received_at
            from ledger.submission as s
            where s.submission not in (select w.submission from ledger.withdrawal as w)
            qualify row_number() over (
                partition by s.form, s.zone, s.period
                order by s.revision desc, s.received_at desc, s.submission desc
            ) = 1
        )
        select
            n.path, any_value(c.path) as standing, count(*) over () as of,
            coalesce(
                string_agg(distinct f.code, ', ' order by f.code)
                    filter (where f.outcome = 'broken' and f.severity in ('reject', 'quarantine')),
                ''
            ) as codes
        from newest as n
        left join ledger.finding as f on n.submission = f.submission
        left join staging.current_submission as c
            on n.form = c.form and n.zone = c.zone and n.period = c.period
        where n.status = 'rejected'
        group by n.submission, n.path, n.received_at
        order by n.received_at desc, n.path
        limit {most}
        """,
    )


def say_days(left: int | None) -> str:
    """The days to the due day in words."""
    if left is None:
        return "—"
    if left == 0:
        return "today 今天"
    return f"{left} left 剩余" if left > 0 else f"{-left} overdue 逾期"
