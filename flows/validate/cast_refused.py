"""The cells of a register that the cast in SQL refused, read once more.

In: `odd` (the text of rows with such a cell; column n has bit n in `_odd`), `typed`, `heading` and
`unit_known` in a scratch database. Text such as `约1.5万` or `1,234` becomes a number in `typed`, a
mark such as `—` stays NULL, and for anything else a row of `problem` says what was expected.
"""

from __future__ import annotations

from decimal import Decimal

import duckdb

from flows.forms.form import Column, Form
from flows.model.text import clean
from flows.model.unit import load_units, units_for
from flows.validate.cast_sql import SQL_TYPES, printed_factor
from flows.validate.cast_values import list_problems, register_quantities
from flows.warehouse.sql_text import quote

_EXPECTED = {
    "integer": ("整数", "a whole number"),
    "boolean": ("“是”或“否”", "“是/yes” or “否/no”"),
    "date": ("日期（如 2022-09-30）", "a date such as 2022-09-30"),
    "uscc": (
        "有效的统一社会信用代码（18 位，校验位相符）",
        "a valid unified social credit code (18 characters, check character right)",
    ),
}
# text that is neither blank nor a mark for "missing"
_HAS_CONTENT = "q.obs_status is null"


def refuse_exponents(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Refuse `1e-7` and `1_000`, which DuckDB casts and which no sender means as a number."""
    numeric = [(number, c) for number, c in enumerate(form.columns) if c.numeric]
    if not numeric:
        return
    together = f"concat_ws('|', {', '.join(f's.{c.name}' for _, c in numeric)})"
    con.execute(f"""
        create temp table marked as
        select s.* from sent as s where regexp_matches({together}, '[eE_]')
    """)
    if not con.execute("select 1 from marked limit 1").fetchone():
        return
    for number, column in numeric:
        con.execute(f"""
            update typed set {column.name} = null, _odd = _odd | (1::bigint << {number})
            from marked as m
            where typed._rid = m._rid and regexp_matches(m.{column.name}, '[eE_]')
        """)


def explain_refused(
    con: duckdb.DuckDBPyConnection, column: Column, factor: Decimal | None, number: int
) -> None:
    """Read the refused text of a column: a number, a mark for "missing", or a problem.

    `number` is the column's place in the form, `factor` what the cast multiplied it by.
    """
    name = column.name
    texts = [
        text
        for (text,) in con.execute(
            f"select distinct {name} from odd where _odd >> {number} & 1 = 1"
        ).fetchall()
    ]
    register_quantities(con, texts if column.numeric else [t for t in texts if not clean(t)])
    if column.numeric:
        _read_numbers(con, column, factor, number)
    if column.type == "decimal":
        return
    unfit = _HAS_CONTENT
    if column.type == "integer":
        unfit = f"q.value <> trunc(q.value) or (q.value is null and {_HAS_CONTENT})"
    expected_zh, expected_en = _EXPECTED.get(column.type, ("", ""))
    listed = "、".join(title.zh for title in (column.codes or {}).values())
    words = (
        f", {quote(expected_zh)} as expected_zh, {quote(expected_en)} as expected_en,"
        f" {quote(listed)} as expected"
    )
    refused = f"""
        from odd as s
        left join quantity as q on s.{name} = q.text
        where s._odd >> {number} & 1 = 1 and q.problem_en is null and ({unfit})
    """
    list_problems(con, "VALUE-CODE" if column.codes else "VALUE-TYPE", name, refused, words)


def _read_numbers(
    con: duckdb.DuckDBPyConnection, column: Column, factor: Decimal | None, number: int
) -> None:
    """`约1.5万`, `1,234`, `12%`: the unit in the cell comes before that of the heading or form."""
    name = column.name
    multiplier = str(factor)
    if factor is None:
        multiplier = f"""
            coalesce(
                (
                    select u.factor
                    from heading as h inner join unit_known as u on h.unit = u.text
                    where h._block = s._block and h.field = '{name}'
                ),
                {printed_factor(column)}
            )
        """
    con.execute(f"""
        create or replace temp table read_number as
        select
            s._rid, q.value as sent, q.problem_zh, q.problem_en,
            q.unit, q.qualifier, q.decimals, o.base_unit,
            try_cast(
                q.value * coalesce(o.factor, {multiplier}::decimal(14, 4))
                as {SQL_TYPES[column.type]}
            ) as value
        from odd as s
        left join quantity as q on s.{name} = q.text
        left join unit_known as o on q.unit = o.text
        where s._odd >> {number} & 1 = 1
    """)
    base_unit = load_units()[column.unit].base_unit if column.unit else ""
    fits = f"(s.unit is null or s.base_unit = {quote(base_unit)})"
    is_whole = "s.sent = trunc(s.sent)" if column.type == "integer" else "true"
    con.execute(f"""
        update typed set {name} = s.value
        from read_number as s
        where typed._rid = s._rid and {fits} and {is_whole}
    """)
    too_large = ", '太大，不会是真的' as problem_zh, 'it is too large to be true' as problem_en"
    problems = [
        ("VALUE-NUMBER", "s.problem_en is not null", ", s.problem_zh, s.problem_en"),
        ("VALUE-NUMBER", "s.sent is not null and s.value is null", too_large),
        ("UNIT-DIMENSION", f"not {fits}", f", {quote(units_for(base_unit))} as expected"),
        ("VALUE-BOUND", "s.value is not null and s.qualifier <> 'exact'", ""),
    ]
    if column.type == "decimal":
        problems.append(("VALUE-DECIMALS", "s.value is not null and s.decimals > 4", ""))
    for code, condition, words in problems:
        list_problems(con, code, name, f"from read_number as s where {condition}", words)
