"""Noun: a settlement, what the rules across submissions change in a batch that its own rules have
judged.

In: `broken_<n>` and `outcome_<n>` in the scratch database, and the batch's folder. Out, in the
    folder:
findings and results added, rows held that a rule holds back, the status of each submission anew.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from flows.forms.form import Form
from flows.model.arrow_files import open_table, save_table
from flows.model.finding import Severity, status_of, tabulate
from flows.model.submission import Reading
from flows.read.answers import explain_findings
from flows.validate.cast import register_places
from flows.validate.history import Arrived
from flows.validate.history_rules import Comparison, broken_sql, results_sql

_HARD = f"('{Severity.REJECT}', '{Severity.QUARANTINE}')"


def settle_batch(
    con: duckdb.DuckDBPyConnection, batch: Arrived, comparisons: Sequence[Comparison]
) -> None:
    """Write what the comparisons found about a batch's submissions into its folder."""
    asked = [c for c in comparisons if c.asks(batch.form)]
    if not asked:
        return
    submissions = batch.submissions
    reading = Reading.open(batch.folder)
    register_places(con, reading.blocks, submissions)
    con.execute(f"""
        create or replace temp table result_here as
        select r.* from ({results_sql(asked)}) as r semi join submitted as s on r.submission = s.submission
    """)
    _append(batch.folder / "result.arrow", con.execute("from result_here").to_arrow_table())
    broken = {
        code
        for (code,) in con.execute(
            "select distinct code from result_here where broken > 0"
        ).fetchall()
    }
    if not broken:
        return
    con.register("sent", open_table(batch.folder / "text.arrow"))
    con.execute("""
        create or replace temp view located as
        select p.submission, p.sheet, t.* from sent as t inner join place as p on t._block = p._block
    """)
    con.register("no_finding", tabulate([]))
    con.execute("create or replace temp table finding as from no_finding")
    for comparison in asked:
        if comparison.check.code in broken:
            con.execute(f"insert into finding by name {broken_sql(comparison, batch.form)}")
    explain_findings(con, reading.explanations)
    _append(batch.folder / "finding.arrow", con.execute("from finding").to_arrow_table())
    if con.execute(f"select 1 from finding where severity in {_HARD} limit 1").fetchone():
        _hold(con, batch.form, batch.folder)
        _judge_again(con, batch.folder)


def _append(path: Path, more: pa.Table) -> None:
    """Add rows to a table of the batch. The old one is mapped into memory, so it is replaced, never
    written over.
    """
    table = open_table(path)
    _replace(path, pa.concat_tables([table, more.select(table.schema.names).cast(table.schema)]))


def _replace(path: Path, table: pa.Table) -> None:
    beside = path.with_suffix(".new")
    save_table(table, beside)
    os.replace(beside, path)


def _hold(con: duckdb.DuckDBPyConnection, form: Form, folder: Path) -> None:
    """Move the rows that a rule holds back from `accepted.arrow` to `held.arrow`, whole, with the
    words of the finding.
    """
    con.register("accepted_here", open_table(folder / "accepted.arrow"))
    con.execute(f"""
        create or replace temp table held_across as
        with refusal as (
            select f.* from finding as f where f.severity = '{Severity.REJECT}'
            qualify row_number() over (partition by f.submission order by f.code, f."column") = 1
        )
        select a.submission, a.sheet, a.source_row, f.* exclude (submission, sheet)
        from accepted_here as a inner join refusal as f on a.submission = f.submission
        union all
        select a.submission, a.sheet, a.source_row, f.* exclude (submission, sheet)
        from accepted_here as a
        inner join finding as f
            on a.submission = f.submission and a.sheet is not distinct from f.sheet and a.source_row = f.row
        where f.severity = '{Severity.QUARANTINE}'
    """)
    data = ", ".join(f"{c.name} := t.{c.name}" for c in form.columns)
    held = con.execute(f"""
        select h.submission, h.sheet, h.source_row::integer as row, h.cell, h.column, h.value, h.code, h.message_zh, h.message_en,
            h.mend_zh, h.mend_en, to_json(struct_pack({data}))::varchar as data
        from held_across as h
        inner join located as t
            on h.submission = t.submission and h.sheet is not distinct from t.sheet and h.source_row = t._row
        order by h.submission, h.source_row, h.code
    """).to_arrow_table()
    _append(folder / "held.arrow", held)
    kept = con.execute("""
        select a.* from accepted_here as a
        anti join held_across as h
            on a.submission = h.submission and a.sheet is not distinct from h.sheet and a.source_row = h.source_row
    """).to_arrow_table()
    _replace(folder / "accepted.arrow", kept)


def _judge_again(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The status of each submission from all its findings, and from what is left to load."""
    rows = open_table(folder / "judged.arrow").to_pylist()
    con.register("accepted_now", open_table(folder / "accepted.arrow"))
    con.register("finding_now", open_table(folder / "finding.arrow"))
    fit = dict(con.execute("select submission, count(*) from accepted_now group by all").fetchall())
    broken = dict(
        con.execute(
            "select submission, list(distinct severity) from finding_now where outcome = 'broken' group by all"
        ).fetchall()
    )
    for row in rows:
        accepted = fit.get(row["submission"], 0)
        row["status"] = str(status_of(broken.get(row["submission"], []), accepted))
        row |= {"rows_accepted": accepted, "rows_held": row["rows_read"] - accepted}
    _replace(
        folder / "judged.arrow",
        pa.Table.from_pylist(rows, schema=open_table(folder / "judged.arrow").schema),
    )
