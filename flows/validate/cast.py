"""From the text of a form's rows to typed rows, cast in SQL.

In: the text table (`sent`) and its blocks, in a scratch database. Out, in that database: `place`,
`heading` and `submitted` (where each row came from), `typed` (a row for each row sent) and
`problem`, which names the cells whose text could not be cast, is missing, or stands twice.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from flows.forms.form import Form
from flows.model.submission import Block, Submission
from flows.read.unit_statements import unit_over_rows
from flows.validate.cast_indicators import type_indicators
from flows.validate.cast_registers import type_register
from flows.validate.cast_values import PROBLEM_COLUMNS, tabulate_rows
from flows.warehouse.database import FEW_ROWS, bring_in


def type_rows(
    con: duckdb.DuckDBPyConnection,
    form: Form,
    sent: pa.Table,
    blocks: list[Block],
    submissions: list[Submission],
) -> None:
    """Make `typed` and `problem` in `con`, beside `sent`, `place`, `heading` and `submitted`."""
    if len(sent) < FEW_ROWS:
        bring_in(con, "sent", sent)
    else:  # read where it is: a register of a million rows is not copied
        con.register("sent", sent)
    register_places(con, blocks, submissions)
    con.execute(f"create temp table problem ({PROBLEM_COLUMNS})")
    if form.kind == "indicator":
        type_indicators(con, form)
    else:
        type_register(con, form, sent)
    _find_duplicates(con, form)


def register_places(
    con: duckdb.DuckDBPyConnection, blocks: list[Block], submissions: list[Submission]
) -> None:
    """Register where rows came from: `place` (blocks), `heading` (columns), `submitted` (files)."""
    by_id = {s.submission: s for s in submissions}
    places = [
        (
            b.block,
            b.submission,
            s.path,
            s.zone,
            b.period,
            b.sheet,
            b.encoding,
            b.delimiter,
            b.header_row,
        )
        for b, s in ((block, by_id[block.submission]) for block in blocks)
    ]
    headings = [
        (block.block, field, heading.letter, heading.text, heading.unit)
        for block in blocks
        for field, heading in block.headings.items()
    ]
    headings += [
        (block.block, "unit_line", "", block.unit_line, unit_over_rows(block.unit_line))
        for block in blocks
        if block.unit_line
    ]
    files = [(s.submission, s.path, s.form, s.zone, s.period) for s in submissions]
    bring_in(
        con,
        "place",
        tabulate_rows(
            places,
            "_block:int32 submission path zone period sheet encoding delimiter header_row:int32",
        ),
    )
    bring_in(con, "heading", tabulate_rows(headings, "_block:int32 field letter text unit"))
    bring_in(con, "submitted", tabulate_rows(files, "submission path form zone period"))


_MOST_NAMED = 20  # rows of one key: each of thousands would else name all of them


def _find_duplicates(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """List the rows that share a whole key within a submission."""
    key = ", ".join(f"t.{k}" for k in form.key)
    is_complete = " and ".join(f"t.{k} is not null" for k in form.key)
    is_same = " and ".join(f"t.{k} = d.{k}" for k in form.key)
    con.execute(f"""
        insert into problem by name
        with shared as (
            select {key}, t.submission
            from typed as t
            where {is_complete}
            group by {key}, t.submission
            having count(*) > 1
        ),
        twin as (
            select
                t._rid, t._row, {key}, t.submission,
                if(
                    min(p.sheet) over k = max(p.sheet) over k, '', coalesce(p.sheet || '!', '')
                ) || t._row as row_name,
                row_number() over (k order by t._row, t._rid) as number
            from typed as t
            inner join shared as d on t.submission = d.submission and {is_same}
            inner join place as p on t._block = p._block
            window k as (partition by {key}, t.submission)
        ),
        told as (
            select
                {key}, t.submission, count(*) as count,
                string_agg(t.row_name, '、' order by t._row, t._rid)
                filter (where t.number <= {_MOST_NAMED})
                || if(count(*) > {_MOST_NAMED}, ' …', '') as rows
            from twin as t
            group by {key}, t.submission
        )
        select 'KEY-DUPLICATE' as code, '{form.key[-1]}' as field, t._rid, d.count, d.rows
        from twin as t
        inner join told as d on t.submission = d.submission and {is_same}
    """)


def load_columns(form: Form) -> str:
    """The columns of `typed` (as `t`) that are loaded, in the order of the table in `core`."""
    if form.kind == "register":
        return ", ".join(["t.zone", "t.period", *(f"t.{c.name}" for c in form.columns)])
    return f"""
        t.zone, t.period, t.loads_as as indicator, t.industry, t.basis,
        t.value, t.unit,
        t.value_reported, t.unit_sent as unit_reported, t.decimals as decimals_reported,
        t.growth_pct as growth_reported_pct, t.growth_decimals, t.growth_qualifier,
        t.qualifier, t.obs_status, t.note, '{form.code}' as form
    """
