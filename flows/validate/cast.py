"""Noun: typed rows. A form's text, cast in SQL, in the shape its kind loads into.

In: the text table (`sent`) and its blocks, in a scratch database. Out, in that database: `place`,
`heading` and `submitted` (where each row came from), `typed` (a row per row sent) and `problem`,
which names the cells whose text could not be cast, is missing, or stands twice.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from flows.forms.form import Form
from flows.model.submission import Block, Submission
from flows.validate.cast_indicators import type_indicators
from flows.validate.cast_registers import type_register
from flows.validate.cast_values import PROBLEM_COLUMNS, tabulate_rows


def type_rows(
    con: duckdb.DuckDBPyConnection,
    form: Form,
    sent: pa.Table,
    blocks: list[Block],
    submissions: list[Submission],
) -> None:
    """Make `typed` and `problem` in `con`, beside `sent`, `place`, `heading` and `submitted`."""
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
    """`submission` and `block` say where a row came from; `heading` over which cells it stood."""
    by_id = {s.submission: s for s in submissions}
    rows = [
        (
            b.block,
            b.submission,
            by_id[b.submission].path,
            by_id[b.submission].zone,
            b.period,
            b.sheet,
        )
        for b in blocks
    ]
    headings = [
        (b.block, f, h.letter, h.text, h.unit) for b in blocks for f, h in b.headings.items()
    ]
    con.register("place", tabulate_rows(rows, "_block:int32 submission path zone period sheet"))
    con.register("heading", tabulate_rows(headings, "_block:int32 field letter text unit"))
    con.register(
        "submitted",
        tabulate_rows(
            [(s.submission, s.path, s.form, s.zone, s.period) for s in submissions],
            "submission path form zone period",
        ),
    )


def _find_duplicates(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """List the rows that share a whole key within a submission."""
    key = ", ".join(f"t.{k}" for k in form.key)
    known = " and ".join(f"t.{k} is not null" for k in form.key)
    same = " and ".join(f"t.{k} = d.{k}" for k in form.key)
    con.execute(f"""
        insert into problem by name
        with shared as (
            select {key}, t.submission
            from typed as t where {known} group by {key}, t.submission having count(*) > 1
        ),
        twin as (
            select t._rid, t._row, {key}, t.submission
            from typed as t inner join shared as d on t.submission = d.submission and {same}
        )
        select
            'KEY-DUPLICATE' as code, '{form.key[-1]}' as field, t._rid, count(*) over w as count,
            string_agg(t._row, '、') over (w order by t._row rows between unbounded preceding and unbounded following) as rows
        from twin as t window w as (partition by {key}, t.submission)
    """)


def load_columns(form: Form) -> str:
    """The columns of `typed` (as `t`) that are loaded, in the order of the table in `core`."""
    if form.kind == "register":
        return ", ".join(["t.zone", "t.period", *(f"t.{c.name}" for c in form.columns)])
    return (
        f"t.zone, t.period, t.loads_as as indicator, t.industry, t.basis, t.value, t.unit, t.value_reported,"
        f" t.unit_sent as unit_reported, t.decimals as decimals_reported, t.growth_pct as growth_reported_pct,"
        f" t.growth_decimals, t.growth_qualifier, t.qualifier, t.obs_status, t.note, '{form.code}' as form"
    )
