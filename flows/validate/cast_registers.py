"""A register's rows, an entity a row, cast from text in one pass.

In: `sent`, `place` and `heading` in a scratch database. Out, there: `typed`, and rows of `problem`.
Plain numbers are cast by DuckDB; only what it refuses goes to `units.parse_quantity`, once a
distinct text. The cast is to a DECIMAL of at most 18 digits: from text, a wider one is a hundred
times slower (docs/decisions/0003-decimal-18.md).
"""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa

from flows.forms.form import Column, Form
from flows.model.quantity import say_range
from flows.model.text import clean
from flows.model.unit import load_units, units_for
from flows.validate.cast_values import list_problems, register_quantities, register_units
from flows.warehouse.sql_text import quote

_TYPE_NAMES = {
    "integer": ("整数", "a whole number"),
    "boolean": ("“是”或“否”", "“是/yes” or “否/no”"),
    "date": ("日期（如 2022-09-30）", "a date such as 2022-09-30"),
    "uscc": (
        "有效的统一社会信用代码（18 位，校验位相符）",
        "a valid unified social credit code (18 characters, check character right)",
    ),
}
SQL_TYPES = {
    "text": "varchar",
    "decimal": "decimal(18, 2)",
    "integer": "bigint",
    "boolean": "boolean",
    "date": "date",
    "uscc": "varchar",
}


def type_register(con: duckdb.DuckDBPyConnection, form: Form, sent: pa.Table) -> None:
    """Cast in one pass. `_odd` marks, a bit a column, text that the fast cast refused or would
    shorten.
    """
    register_units(con)
    factors = {
        c.name: _factor_of(con, c) if c.type == "decimal" else Decimal(1) for c in form.columns
    }
    expressions = [f"{_cast(c, factors[c.name])} as {c.name}" for c in form.columns]
    bits = [
        f"((c.{c.name}_sent is not null and c.{c.name} is null)::bigint << {n})"
        for n, c in enumerate(form.columns)
    ]
    bits += [
        f"({_finer(c)}::bigint << {n + _FINER})"
        for n, c in enumerate(form.columns)
        if c.type == "decimal"
    ]
    joins = "".join(
        f" left join heading as h_{name} on t._block = h_{name}._block and h_{name}.field = '{name}'"
        f" left join unit_known as u_{name} on h_{name}.unit = u_{name}.text"
        for name, factor in factors.items()
        if factor is None
    )
    # two steps, so that each text is cast once and then looked at, not cast again for each look
    con.execute(f"""
        create temp table typed as
        with cast_once as (
            select
                t._rid, t._block, t._row, p.submission, p.zone, p.period, {", ".join(expressions)},
                {", ".join(f"t.{c.name} as {c.name}_sent" for c in form.columns)}
            from sent as t inner join place as p on t._block = p._block{joins}
        )
        select c._rid, c._block, c._row, c.submission, c.zone, c.period, {", ".join(f"c.{c.name}" for c in form.columns)},
            {" | ".join(bits)} as _odd
        from cast_once as c
    """)
    _refuse_exponents(con, form)
    marked = con.execute(
        "select _rid, _odd from typed where _odd <> 0 order by _rid"
    ).to_arrow_table()
    con.register("odd", sent.take(marked["_rid"]).append_column("_odd", marked["_odd"]))
    any_odd, *blanks = con.execute(
        f"select bit_or(_odd), {', '.join(f'count(*) - count({c.name})' for c in form.columns)} from typed"
    ).fetchone() or (0,)
    for number, (column, blank) in enumerate(zip(form.columns, blanks, strict=True)):
        if (any_odd or 0) >> number & 1:
            _explain_odd(con, column, factors[column.name], number)
        if (any_odd or 0) >> (number + _FINER) & 1:
            list_problems(
                con,
                "VALUE-DECIMALS",
                column.name,
                f"from odd as s where s._odd >> {number + _FINER} & 1 = 1",
            )
        if blank and column.required:
            listed = f"select p._rid from problem as p where p.field = '{column.name}'"
            list_problems(
                con,
                "VALUE-REQUIRED",
                column.name,
                f"from typed as s where s.{column.name} is null and s._rid not in ({listed})",
            )
        if column.code_table:
            _check_code_table(con, column)
        if column.min is not None or column.max is not None:
            _check_range(con, column)


_FINER = 31  # the bits above this one mark numbers with more decimals than are kept


def _check_range(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    bounds = (("<", column.min), (">", column.max))
    outside = " or ".join(
        f"s.{column.name} {sign} {bound:g}" for sign, bound in bounds if bound is not None
    )
    words = f", {quote(say_range(column.min, column.max))} as expected"
    list_problems(con, "VALUE-RANGE", column.name, f"from typed as s where {outside}", words)


def _finer(column: Column) -> str:
    text = f"c.{column.name}_sent"
    return f"coalesce(strpos({text}, '.') between 1 and strlen({text}) - 5 and c.{column.name} is not null, false)"


def _factor_of(con: duckdb.DuckDBPyConnection, column: Column) -> Decimal | None:
    """What one of the printed unit is in base units; None where blocks differ and a join has to
    tell.
    """
    printed = load_units()[column.unit].factor if column.unit else Decimal(1)
    rows = con.execute(
        "select distinct unit from heading where field = ?", [column.name]
    ).fetchall()
    sent = {
        load_units()[u].factor if column.unit and u in load_units() else printed for (u,) in rows
    } or {printed}
    if len(sent) == 1:
        return sent.pop()
    return None


def _cast(column: Column, factor: Decimal | None) -> str:
    """The fast cast. What it gives NULL for, a figure of 10^11 or more among it, is read again by
    `_explain_odd`.
    """
    text = f"t.{column.name}"
    if column.type == "decimal":
        number = f"try_cast({text} as decimal(15, 4))"
        if factor is None:
            default = load_units()[column.unit].factor if column.unit else 1
            return f"try_cast(try({number} * coalesce(u_{column.name}.factor, {default})::decimal(14, 4)) as decimal(18, 2))"
        kind = "smallint" if factor == int(factor) and factor < 2**15 else "decimal(14, 4)"
        # the product has 18 digits as well: one that needs more is no error of the run
        return (
            f"{number}::decimal(18, 2)"
            if factor == 1
            else f"try_cast(try({number} * {factor}::{kind}) as decimal(18, 2))"
        )
    if column.type == "integer":
        number = (
            f"try_cast({text} as double)"  # whole below 2^53; decimals would round 12.00001 to 12
        )
        return f"case when {number} = trunc({number}) and abs({number}) < 1e15 then {number}::bigint end"
    if column.type == "boolean":
        return (
            f"case when lower(trim({text})) in ('是', '1', 'true', 'yes', 'y', '√') then true"
            f" when lower(trim({text})) in ('否', '0', 'false', 'no', 'n', '×') then false end"
        )
    if column.type == "date":
        formats = (
            "['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y%m%d', '%Y年%m月%d日', '%Y-%m-%dT%H:%M:%S']"
        )
        return f"try_strptime(trim({text}), {formats})::date"
    if column.type == "uscc":
        return f"case when uscc_is_valid(upper(trim({text}))) then upper(trim({text})) end"
    if column.codes:
        said = {
            code: sorted({code.lower(), t.zh.lower(), t.en.lower()})
            for code, t in column.codes.items()
        }
        arms = " ".join(
            f"when lower(trim({text})) in ({', '.join(quote(w) for w in words)}) then {quote(code)}"
            for code, words in said.items()
        )
        return f"case {arms} end"
    return f"nullif(trim({text}), '')"


def _explain_odd(
    con: duckdb.DuckDBPyConnection, column: Column, factor: Decimal | None, number: int
) -> None:
    """Text that the cast refused is a number written oddly, a mark for "missing", or a problem."""
    name = column.name
    among = f"from odd as s left join quantity as q on s.{name} = q.text where s._odd >> {number} & 1 = 1"
    texts = [
        t
        for (t,) in con.execute(
            f"select distinct {name} from odd where _odd >> {number} & 1 = 1"
        ).fetchall()
    ]
    register_quantities(con, texts if column.numeric else [t for t in texts if not clean(t)])
    if column.numeric:
        _read_odd_numbers(con, column, factor, among)
    expected_zh, expected_en = _TYPE_NAMES.get(column.type, ("", ""))
    listed = "、".join(t.zh for t in (column.codes or {}).values())
    words = f", {quote(expected_zh)} as expected_zh, {quote(expected_en)} as expected_en, {quote(listed)} as expected"
    unfit = (
        f"q.value <> trunc(q.value) or (q.value is null and {_MEANT})"
        if column.type == "integer"
        else _MEANT
    )
    if column.type != "decimal":
        list_problems(
            con,
            "VALUE-CODE" if column.codes else "VALUE-TYPE",
            name,
            f"{among} and q.problem_en is null and ({unfit})",
            words,
        )


def _read_odd_numbers(
    con: duckdb.DuckDBPyConnection, column: Column, factor: Decimal | None, among: str
) -> None:
    """`约1.5万`, `1,234`, `12%`: the number, in the unit that the cell itself names before any
    other.
    """
    name = column.name
    base = load_units()[column.unit].base_unit if column.unit else ""
    above = f"from heading as h inner join unit_known as u on h.unit = u.text where h._block = s._block and h.field = '{name}'"
    printed = load_units()[column.unit].factor if column.unit else 1
    default = f"coalesce((select u.factor {above}), {printed})" if factor is None else str(factor)
    # 万 by itself under 万元 is that 万, not ten thousand of them; under 亿元 it may be either. A unit
    # in full (0.15亿元 in a column of 万元) leaves no doubt
    con.execute(f"""
        create or replace temp table read_number as
        with found as (
            select
                s._rid, q.*, o.base_unit, o.factor as own_factor, {default}::decimal(14, 4) as factor_here,
                (select h.unit {above}) as head_unit,
            {among.replace("where", "left join unit_known as o on q.unit = o.text where")}
        ),
        beside as (
            select *, coalesce(f.head_unit, {quote(column.unit or "")}) as declared_unit from found as f
        )
        select
            s._rid, s.problem_zh, s.problem_en, s.unit, s.qualifier, s.base_unit, s.marks, s.scale, s.declared_unit,
            s.unit is null and s.scale > 1 and s.scale = d.prefix as is_scaled_by_unit,
            if(is_scaled_by_unit, s.unscaled, s.value) as sent,
            if(is_scaled_by_unit, s.decimals + s.shift, s.decimals) as decimals,
            coalesce(s.unit is null and s.scale > 1 and d.prefix not in (1, s.scale), false) as is_conflict,
            try_cast(sent * coalesce(s.own_factor, s.factor_here) as {SQL_TYPES[column.type]}) as value
        from beside as s left join unit_known as d on s.declared_unit = d.text
    """)
    said_zh = "'单元格写“' || if(s.scale = 10000, '万', '亿') || '”，本栏是“' || s.declared_unit || '”'"
    said_en = "'the cell says ' || if(s.scale = 10000, '万', '亿') || ', the column ' || s.declared_unit"
    list_problems(
        con,
        "UNIT-CONFLICT",
        name,
        "from read_number as s where s.is_conflict",
        f", {said_zh} as problem_zh, {said_en} as problem_en",
    )
    list_problems(
        con,
        "VALUE-MARK",
        name,
        "from read_number as s where s.marks is not null",
        ", s.marks as expected_zh, plain(s.sent) as expected,"
        " if(s.marks[1] in ('▲', '△', '▼', '▽'), '负号', '注码') as problem_zh,"
        " if(s.marks[1] in ('▲', '△', '▼', '▽'), 'a minus sign', 'the mark of a footnote') as problem_en",
    )
    fits = f"(s.unit is null or s.base_unit = {quote(base)})"
    whole = " and s.sent = trunc(s.sent)" if column.type == "integer" else ""
    con.execute(
        f"update typed set {name} = s.value from read_number as s where typed._rid = s._rid and {fits}{whole}"
    )
    list_problems(
        con,
        "VALUE-NUMBER",
        name,
        "from read_number as s where s.problem_en is not null",
        ", s.problem_zh, s.problem_en",
    )
    too_large = ", '太大，不会是真的' as problem_zh, 'it is too large to be true' as problem_en"
    list_problems(
        con,
        "VALUE-NUMBER",
        name,
        "from read_number as s where s.sent is not null and s.value is null",
        too_large,
    )
    expected = f", {quote(units_for(base))} as expected"
    list_problems(con, "UNIT-DIMENSION", name, f"from read_number as s where not {fits}", expected)
    list_problems(
        con,
        "VALUE-BOUND",
        name,
        "from read_number as s where s.value is not null and s.qualifier <> 'exact'",
    )
    if column.type == "decimal":
        list_problems(
            con,
            "VALUE-DECIMALS",
            name,
            "from read_number as s where s.value is not null and s.decimals > 4",
        )


def _refuse_exponents(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Leave `1e-7` and `1_000`, which a cast would take, to the reader of odd numbers."""
    numeric = [(n, c) for n, c in enumerate(form.columns) if c.numeric]
    if not numeric:
        return
    together = f"concat_ws('|', {', '.join(f's.{c.name}' for _, c in numeric)})"
    con.execute(
        f"create temp table marked as select s.* from sent as s where regexp_matches({together}, '[eE_]')"
    )
    if (con.execute("select count(*) from marked").fetchone() or (0,))[0]:
        for number, column in numeric:
            con.execute(
                f"update typed set {column.name} = null, _odd = _odd | (1::bigint << {number}) from marked as m"
                f" where typed._rid = m._rid and regexp_matches(m.{column.name}, '[eE_]')"
            )


# text that is neither blank nor a mark for "missing"
_MEANT = "q.obs_status is null"


def _check_code_table(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    schema, table, code = str(column.code_table).split(".")
    known = f"select c.{code} from {schema}.{table} as c"
    if column.code_levels:
        known += f" where c.level in ({', '.join(map(quote, column.code_levels))})"
    meant = column.note or column.title
    words = f", {quote(meant.zh + ' · ' + meant.en)} as expected"
    list_problems(
        con,
        "VALUE-CODE",
        column.name,
        f"from typed as s where s.{column.name} not in ({known})",
        words,
    )
