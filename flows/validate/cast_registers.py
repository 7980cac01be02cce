"""A register's rows, an entity a row, cast from text in one pass.

In: `sent`, `place` and `heading` in a scratch database. Out, there: `typed`, and rows of `problem`.
DuckDB casts plain text (`cast_sql.py`); only what it refuses is read once more, each distinct text
once (`cast_refused.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import duckdb
import pyarrow as pa

from flows.forms.form import Column, Form
from flows.model.text import say_range
from flows.model.unit import load_units
from flows.validate.cast_refused import explain_refused, refuse_exponents
from flows.validate.cast_sql import cast_sql, has_more_decimals, printed_factor
from flows.validate.cast_values import list_problems, register_units
from flows.warehouse.sql_text import quote

_DECIMALS_BIT = 31  # `_odd`: the bits from here on mark numbers with more decimals than are kept


def type_register(con: duckdb.DuckDBPyConnection, form: Form, sent: pa.Table) -> None:
    """Make `typed`, and list in `problem` each cell that is refused, missing or out of range.

    Column n of the form has bit n in `_odd` where the cast refused its text, and bit n + 31 where
    its number has more decimals than are kept.
    """
    register_units(con)
    factors = {
        c.name: _unit_factor(con, c) if c.type == "decimal" else Decimal(1) for c in form.columns
    }
    _cast_columns(con, form, factors)
    refuse_exponents(con, form)
    marked = con.execute(
        "select _rid, _odd from typed where _odd <> 0 order by _rid"
    ).to_arrow_table()
    con.register("odd", sent.take(marked["_rid"]).append_column("_odd", marked["_odd"]))
    blanks = ", ".join(f"count(*) - count({c.name})" for c in form.columns)
    any_odd, *blank_counts = con.execute(
        f"select bit_or(_odd), {blanks} from typed"
    ).fetchone() or (0,)
    for number, (column, blank) in enumerate(zip(form.columns, blank_counts, strict=True)):
        if (any_odd or 0) >> number & 1:
            explain_refused(con, column, factors[column.name], number)
        if (any_odd or 0) >> (number + _DECIMALS_BIT) & 1:
            marked_rows = f"from odd as s where s._odd >> {number + _DECIMALS_BIT} & 1 = 1"
            list_problems(con, "VALUE-DECIMALS", column.name, marked_rows)
        if blank and column.required:
            _list_blanks(con, column)
        if column.code_table:
            _check_code_table(con, column)
        if column.min is not None or column.max is not None:
            _check_range(con, column)


def _cast_columns(
    con: duckdb.DuckDBPyConnection, form: Form, factors: Mapping[str, Decimal | None]
) -> None:
    """Make `typed`: every column cast, and `_odd`."""
    names = [c.name for c in form.columns]
    casts = [f"{cast_sql(c, factors[c.name])} as {c.name}" for c in form.columns]
    bits = [
        f"((c.{name}_sent is not null and c.{name} is null)::bigint << {number})"
        for number, name in enumerate(names)
    ]
    bits += [
        f"({has_more_decimals(column)}::bigint << {number + _DECIMALS_BIT})"
        for number, column in enumerate(form.columns)
        if column.type == "decimal"
    ]
    unit_joins = " ".join(
        f"""
            left join heading as h_{name}
                on t._block = h_{name}._block and h_{name}.field = '{name}'
            left join unit_known as u_{name} on h_{name}.unit = u_{name}.text
        """
        for name, factor in factors.items()
        if factor is None
    )
    # in two steps, so that each text is cast once, however often the result is used
    con.execute(f"""
        create temp table typed as
        with cast_once as (
            select
                t._rid, t._block, t._row, p.submission, p.zone, p.period,
                {", ".join(casts)},
                {", ".join(f"t.{name} as {name}_sent" for name in names)}
            from sent as t
            left join place as p on t._block = p._block
            {unit_joins}
        )
        select
            c._rid, c._block, c._row, c.submission, c.zone, c.period,
            {", ".join(f"c.{name}" for name in names)},
            {" | ".join(bits)} as _odd
        from cast_once as c
    """)


def _unit_factor(con: duckdb.DuckDBPyConnection, column: Column) -> Decimal | None:
    """How many base units one unit of a column is; None where the blocks differ in that."""
    units = load_units()
    rows = con.execute(
        "select distinct unit from heading where field = ?", [column.name]
    ).fetchall()
    factors = {
        units[unit].factor if column.unit and unit in units else printed_factor(column)
        for (unit,) in rows
    }
    if len(factors) > 1:
        return None
    return factors.pop() if factors else printed_factor(column)


def _list_blanks(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    """The rows without a value in a required column, but for those that have a problem there."""
    listed = f"select p._rid from problem as p where p.field = '{column.name}'"
    blank = f"from typed as s where s.{column.name} is null and s._rid not in ({listed})"
    list_problems(con, "VALUE-REQUIRED", column.name, blank)


def _check_range(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    bounds = (("<", column.min), (">", column.max))
    outside = " or ".join(
        f"s.{column.name} {sign} {bound:g}" for sign, bound in bounds if bound is not None
    )
    words = f", {quote(say_range(column.min, column.max))} as expected"
    list_problems(con, "VALUE-RANGE", column.name, f"from typed as s where {outside}", words)


def _check_code_table(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    schema, table, code = str(column.code_table).split(".")
    codes = f"select c.{code} from {schema}.{table} as c"
    if column.code_levels:
        codes += f" where c.level in ({', '.join(map(quote, column.code_levels))})"
    expected = column.note or column.title
    words = f", {quote(expected.zh + ' · ' + expected.en)} as expected"
    foreign = f"from typed as s where s.{column.name} not in ({codes})"
    list_problems(con, "VALUE-CODE", column.name, foreign, words)
