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
# what the words of two rules name, as columns of `read_number`
_CONFLICT = """,
    '单元格写“' || if(s.scale = 10000, '万', '亿') || '”，本栏是“' || s.declared_unit || '”'
        as problem_zh,
    'the cell says ' || if(s.scale = 10000, '万', '亿') || ', the column ' || s.declared_unit
        as problem_en
"""
_MARK = """,
    s.marks as expected_zh, plain(s.sent) as expected,
    if(s.marks[1] in ('▲', '△', '▼', '▽'), '负号', '注码') as problem_zh,
    if(s.marks[1] in ('▲', '△', '▼', '▽'), 'a minus sign', 'the mark of a footnote') as problem_en
"""


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
    above = f"""
        from heading as h inner join unit_known as u on h.unit = u.text
        where h._block = s._block and h.field = '{name}'
    """
    multiplier = str(factor)
    if factor is None:
        multiplier = f"coalesce((select u.factor {above}), {printed_factor(column)})"
    # 万 by itself under 万元 is that 万, not ten thousand of them; under 亿元 it may be either.
    # A unit in full (0.15亿元 in a column of 万元) leaves no doubt
    con.execute(f"""
        create or replace temp table read_number as
        with reading as (
            select
                s._rid, q.*, o.base_unit, o.factor as own_factor,
                {multiplier}::decimal(14, 4) as factor_here, (select h.unit {above}) as head_unit
            from odd as s
            left join quantity as q on s.{name} = q.text
            left join unit_known as o on q.unit = o.text
            where s._odd >> {number} & 1 = 1
        ),
        beside as (
            select r.*, coalesce(r.head_unit, {quote(column.unit or "")}) as declared_unit
            from reading as r
        )
        select
            s._rid, s.problem_zh, s.problem_en, s.unit, s.qualifier, s.base_unit, s.marks, s.scale,
            s.declared_unit,
            s.unit is null and s.scale > 1 and s.scale = d.prefix as is_scaled_by_unit,
            if(is_scaled_by_unit, s.unscaled, s.value) as sent,
            if(is_scaled_by_unit, s.decimals + s.shift, s.decimals) as decimals,
            coalesce(s.unit is null and s.scale > 1 and d.prefix not in (1, s.scale), false)
                as is_conflict,
            try_cast(sent * coalesce(s.own_factor, s.factor_here) as {SQL_TYPES[column.type]})
                as value
        from beside as s left join unit_known as d on s.declared_unit = d.text
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
        ("UNIT-CONFLICT", "s.is_conflict", _CONFLICT),
        ("VALUE-MARK", "s.marks is not null", _MARK),
        ("VALUE-NUMBER", "s.problem_en is not null", ", s.problem_zh, s.problem_en"),
        ("VALUE-NUMBER", "s.sent is not null and s.value is null", too_large),
        ("UNIT-DIMENSION", f"not {fits}", f", {quote(units_for(base_unit))} as expected"),
        ("VALUE-BOUND", "s.value is not null and s.qualifier <> 'exact'", ""),
    ]
    if column.type == "decimal":
        problems.append(("VALUE-DECIMALS", "s.value is not null and s.decimals > 4", ""))
    for code, condition, words in problems:
        list_problems(con, code, name, f"from read_number as s where {condition}", words)
