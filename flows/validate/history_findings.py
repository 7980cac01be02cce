"""The rules across submissions, told: findings and counts of each form.

In: what `history_rules.py` left in the scratch database (`history_result`, `broken_<n>`) and the
folder of a form. Out: the findings about its submissions, each at its cell, and their outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from flows.model.arrow_files import open_table
from flows.model.finding import findings_table
from flows.model.submission import Reading
from flows.validate.batch import FormBatch
from flows.validate.cast import register_places
from flows.validate.findings import insert_findings, list_cells_sql
from flows.validate.history_rule import HistoryRule
from flows.validate.history_rules import RESULT_SCHEMA
from flows.warehouse.database import bring_in


def state_history(
    con: duckdb.DuckDBPyConnection, batch: FormBatch, rules: Sequence[HistoryRule]
) -> tuple[pa.Table, pa.Table]:
    """The findings of the rules about a batch's submissions, and their outcomes by submission."""
    rules = [rule for rule in rules if rule.applies_to(batch.form)]
    con.register("no_finding", findings_table([]))
    con.execute("create or replace temp table finding as from no_finding")
    if not rules:
        return findings_table([]), RESULT_SCHEMA.empty_table()
    register_places(con, Reading.open(batch.folder).blocks, batch.submissions)
    results = con.execute("""
        select r.* from history_result as r
        semi join submitted as s on r.submission = s.submission
        order by r.submission, r.code
    """).to_arrow_table()
    broken = {row["code"] for row in results.to_pylist() if row["broken"]}
    failing = [rule for rule in rules if rule.check.code in broken]
    if failing:
        _gather_failing(con, batch, failing)
        for rule in failing:
            insert_findings(con, batch.form, rule.check, _broken_rows(con, rule), "broken", {})
    return con.execute("from finding").to_arrow_table(), results.cast(RESULT_SCHEMA)


def _gather_failing(
    con: duckdb.DuckDBPyConnection, batch: FormBatch, rules: Sequence[HistoryRule]
) -> None:
    """Make `located`, the places of the rows that break rules, and `sent_failing`, their text."""
    sent = open_table(batch.folder / "text.arrow")
    bring_in(con, "sent_place", sent.select(["_rid", "_block", "_row"]))
    rows = " union ".join(
        f"select submission, sheet, source_row from broken_{rule.number}" for rule in rules
    )
    for rule in rules:
        if _tells_further(con, rule):
            rows += f"""
                union select submission, sheet, unnest(further).source_row
                from broken_{rule.number}
            """
    con.execute(f"""
        create or replace temp table located as
        select p.submission, p.sheet, t._row, t._rid, t._block
        from sent_place as t
        inner join place as p on t._block = p._block
        semi join ({rows}) as b
            on p.submission = b.submission and p.sheet is not distinct from b.sheet
            and t._row = b.source_row
    """)
    rids = con.execute("select _rid from located order by _rid").to_arrow_table()["_rid"]
    con.register("sent_failing", sent.take(rids))


def _tells_further(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> bool:
    """Whether a rule says which other cells it is about."""
    return "further" in con.table(f"broken_{rule.number}").columns


def _broken_rows(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> str:
    """A query for the rows that break a rule, and where they stand on the sheet."""
    further = "null::varchar"
    if _tells_further(con, rule):
        places = """
            select l._block, l._row, n.cell.field as field
            from (select unnest(b.further) as cell) as n
            inner join located as l
                on b.submission = l.submission and b.sheet is not distinct from l.sheet
                and n.cell.source_row = l._row
        """
        further = list_cells_sql(places, "b.sheet")
    return f"""
        select
            b.*, {further} as _further_cells, b.sheet as _sheet, b.source_row::integer as _row,
            b.field::varchar as _field, b.row_key::varchar as _row_key, l._rid,
            coalesce(l._block, c._block) as _block
        from broken_{rule.number} as b
        left join located as l
            on b.submission = l.submission and b.sheet is not distinct from l.sheet
            and b.source_row = l._row
        -- the first table of the sheet, where a whole column is meant
        left join (
            select submission, sheet, min(_block) as _block from place group by submission, sheet
        ) as c
            on b.source_row is null and b.submission = c.submission
            and b.sheet is not distinct from c.sheet
    """
