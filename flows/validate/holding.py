"""What is held: a finding of severity quarantine holds the row that it is about, one of severity
reject its whole submission too. The form's own rules and the verdict both ask here.
"""

from __future__ import annotations

import duckdb

from flows.model.finding import Severity


def gather_held(con: duckdb.DuckDBPyConnection, rows: str, key: str) -> None:
    """Make `held_row` and `rejected` from `finding`.

    `rows` is a relation with `submission`, `sheet`, `row` and a key of its own. `held_row` has the
    keys of the rows that a finding holds, `rejected` the submissions of which nothing is accepted.
    """
    con.execute(f"""
        create or replace temp table hold as
        select distinct f.submission, f.sheet, f.row, f.severity
        from finding as f
        where f.outcome = 'broken' and f.severity in ('{Severity.REJECT}', '{Severity.QUARANTINE}')
    """)
    con.execute(f"""
        create or replace temp table rejected as
        select distinct h.submission from hold as h where h.severity = '{Severity.REJECT}'
    """)
    con.execute(f"""
        create or replace temp table held_row as
        select r.{key}
        from {rows} as r
        semi join hold as h
            on r.submission = h.submission and r.row = h.row
            and r.sheet is not distinct from h.sheet
    """)
