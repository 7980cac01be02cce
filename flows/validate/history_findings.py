"""The rules across submissions, told: findings and counts of each form.

In: what `history_rules.py` left in the scratch database (`history_result`, `broken_<n>`) and the
folders of the forms. Out: the findings about their submissions, each at its cell, and outcomes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from flows.model.arrow_files import open_table
from flows.model.finding import findings_table
from flows.model.submission import Block, Reading
from flows.validate.batch import FormBatch
from flows.validate.cast import register_places
from flows.validate.findings import insert_findings, list_cells_sql
from flows.validate.history_rule import HistoryRule
from flows.validate.history_rules import RESULT_SCHEMA
from flows.warehouse.database import bring_in


def state_history(
    con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch], rules: Sequence[HistoryRule]
) -> list[tuple[pa.Table, pa.Table]]:
    """For each batch the findings of the rules about its submissions, and their outcomes by
    submission. They are made for all forms together, in one query a rule.
    """
    results = con.execute("from history_result order by submission, code").to_arrow_table()
    results = results.cast(RESULT_SCHEMA)
    broken = set(results.filter(pc.field("broken") > 0)["code"].to_pylist())
    failing = [rule for rule in rules if rule.check.code in broken]
    findings = _tell(con, batches, failing) if failing else findings_table([])
    stated = []
    for batch in batches:
        own = pa.array([s.submission for s in batch.submissions], pa.string())
        is_own = pc.field("submission").isin(own)
        stated.append((findings.filter(is_own), results.filter(is_own)))
    return stated


def _tell(
    con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch], rules: Sequence[HistoryRule]
) -> pa.Table:
    """The findings of the rules that are broken."""
    con.register("no_finding", findings_table([]))
    con.execute("create temp table finding as from no_finding")
    asked = [b for b in batches if any(rule.applies_to(b.form) for rule in rules)]
    _gather_failing(con, asked, rules)
    for rule in rules:
        forms = [batch.form for batch in asked if rule.applies_to(batch.form)]
        insert_findings(con, forms, rule.check, _broken_rows(con, rule), "broken", {})
    return con.execute("from finding").to_arrow_table()


def _gather_failing(
    con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch], rules: Sequence[HistoryRule]
) -> None:
    """Make `located`, the places of the rows that break rules, and `sent_failing`, their text.

    Blocks and rows of each form are numbered on from those of the form before.
    """
    texts = [open_table(batch.folder / "text.arrow") for batch in batches]
    blocks: list[Block] = []
    places, firsts, rows_before = [], [], 0
    for batch, sent in zip(batches, texts, strict=True):
        number = len(blocks)
        own = Reading.open(batch.folder).blocks
        blocks += [dataclasses.replace(block, block=number + block.block) for block in own]
        at = sent.select(["_rid", "_block", "_row"])
        at = at.set_column(0, "_rid", pc.add(at["_rid"], rows_before))
        places.append(
            at.set_column(1, "_block", pc.add(at["_block"], pa.scalar(number, pa.int32())))
        )
        firsts.append(rows_before)
        rows_before += len(sent)
    register_places(con, blocks, [s for batch in batches for s in batch.submissions])
    bring_in(con, "sent_place", pa.concat_tables(places))
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
        create temp table located as
        select p.submission, p.sheet, t._row, t._rid, t._block
        from sent_place as t
        inner join place as p on t._block = p._block
        semi join ({rows}) as b
            on p.submission = b.submission and p.sheet is not distinct from b.sheet
            and t._row = b.source_row
    """)
    rids = con.execute("select _rid from located order by _rid").fetchnumpy()["_rid"]
    failing = []
    for sent, first in zip(texts, firsts, strict=True):
        here = rids[(rids >= first) & (rids < first + len(sent))]
        failing.append(sent.take(here - first).set_column(0, "_rid", pa.array(here)))
    con.register("sent_failing", pa.concat_tables(failing, promote_options="default"))


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
