"""Noun: typed rows. A form's text, cast in SQL, in the shape its kind loads into.

In: the text table (`sent`) and its blocks, in a scratch database. Out, in that database:
`typed` (a row per row sent), `summary` (a row per submission, for form rules) and the small
tables `problem`, `blank` and `duplicate` that name the rows whose text could not be cast.

Plain numbers are cast by DuckDB; only what it refuses goes to `units.parse_quantity`, once a
distinct text. The cast is to DECIMAL(18, 4): from text, a wider decimal is a hundred times slower
(docs/decisions/0003-decimal-18.md).
"""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pyarrow as pa

from flows.forms import Column, Form, tidy_heading
from flows.rules import quote, units_for
from flows.submissions import Block, Submission
from flows.units import NotAQuantity, clean, find_unit, load_units, parse_quantity

_QUANTITY = pa.schema(
    [
        ("text", pa.string()), ("value", pa.decimal128(38, 6)), ("decimals", pa.int32()), ("qualifier", pa.string()),
        ("unit", pa.string()), ("obs_status", pa.string()), ("finer", pa.bool_()),
        ("problem_zh", pa.string()), ("problem_en", pa.string()),
    ]
)  # fmt: skip
_PROBLEMS = "code varchar, _rid bigint, field varchar, problem_zh varchar, problem_en varchar, expected_zh varchar, expected_en varchar, expected varchar"
_TYPE_NAMES = {
    "integer": ("整数", "a whole number"),
    "boolean": ("“是”或“否”", "“是/yes” or “否/no”"),
    "date": ("日期（如 2022-09-30）", "a date such as 2022-09-30"),
    "uscc": ("有效的统一社会信用代码（18 位，校验位相符）", "a valid unified social credit code (18 characters, check character right)"),
}
SQL_TYPES = {"text": "varchar", "decimal": "decimal(18, 2)", "integer": "bigint", "boolean": "boolean", "date": "date", "uscc": "varchar"}


def type_rows(con: duckdb.DuckDBPyConnection, form: Form, sent: pa.Table, blocks: list[Block], submissions: list[Submission]) -> None:
    """Make `typed`, `summary`, `problem`, `blank`, `duplicate`, `place` and `heading` in `con`."""
    con.register("sent", sent)
    _register_places(con, blocks, submissions)
    con.execute(f"create temp table problem ({_PROBLEMS})")
    con.execute("create temp table blank (_rid bigint, field varchar)")
    if form.kind == "indicator":
        _type_indicators(con, form)
    else:
        _type_register(con, form)
    _find_duplicates(con, form)


def _register_places(con: duckdb.DuckDBPyConnection, blocks: list[Block], submissions: list[Submission]) -> None:
    """`submission` and `block` say where a row came from; `heading` over which cells it stood."""
    by_id = {s.submission: s for s in submissions}
    rows = [(b.block, b.submission, by_id[b.submission].path, by_id[b.submission].zone, b.period, b.sheet) for b in blocks]
    headings = [(b.block, f, h.letter, h.text, h.unit) for b in blocks for f, h in b.headings.items()]
    con.register("place", _table(rows, "_block:int32 submission path zone period sheet"))
    con.register("heading", _table(headings, "_block:int32 field letter text unit"))
    con.register(
        "submitted",
        _table([(s.submission, s.path, s.form, s.zone, s.period) for s in submissions], "submission path form zone period"),
    )


def _table(rows: list[tuple[object, ...]], names: str) -> pa.Table:
    """Rows as an Arrow table; a name may carry its type (`row:int32`), text otherwise."""
    columns = [n.partition(":") for n in names.split()]
    types = [getattr(pa, t)() if t else pa.string() for _, _, t in columns]
    return pa.table({n: pa.array([r[i] for r in rows], types[i]) for i, (n, _, _) in enumerate(columns)})


def _register_quantities(con: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    """`quantity`: how each distinct text reads as a number, or why it does not."""
    rows = []
    for text in texts:
        try:
            q = parse_quantity(text)
            value = None if q.value is None else q.value.quantize(Decimal("0.000001"))
            rows.append((text, value, q.decimals, q.qualifier, q.unit, q.obs_status, q.decimals > 6, None, None))
        except (NotAQuantity, ArithmeticError) as error:
            zh, _, en = str(error).partition("|")
            rows.append((text, None, None, None, None, None, False, zh or "数字太大", en or "the number is too large"))
    con.register("quantity", pa.Table.from_pylist([dict(zip(_QUANTITY.names, r, strict=True)) for r in rows], _QUANTITY))


# --- indicator forms -------------------------------------------------------------------------


def _type_indicators(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    _register_lines(con, form)
    texts = con.execute(
        "select value from sent where value is not null union select growth_pct from sent where growth_pct is not null"
    ).fetchall()
    _register_quantities(con, [t for (t,) in texts])
    con.execute("""
        create temp table typed as
        select
            t._rid, t._block, t._row, p.submission, p.zone, p.period,
            t.indicator as line, l.indicator, i.basis, i.unit, i.quoted_unit, i.has_level,
            i.min_value, i.max_value, i.range_expected, i.units_expected,
            coalesce(v.unit, t.unit, h.unit) as unit_sent,
            u.base_unit as base_unit_sent, u.factor,
            v.value as value_reported, v.decimals, coalesce(v.qualifier, 'exact') as qualifier,
            coalesce(v.obs_status, 'L') as obs_status,
            (v.value * u.factor)::decimal(28, 6) as value,
            (u.factor * power(10, -v.decimals))::decimal(28, 6) as rounding,
            g.value::decimal(18, 6) as growth_pct, g.decimals as growth_decimals,
            t.value as value_text, t.growth_pct as growth_text, t.note
        from sent as t
        inner join place as p on t._block = p._block
        left join line_known as l on t.indicator = l.text
        left join line as i on l.indicator = i.indicator
        left join quantity as v on t.value = v.text
        left join quantity as g on t.growth_pct = g.text
        left join heading as h on t._block = h._block and h.field = 'value'
        left join unit_known as u on coalesce(v.unit, t.unit, h.unit) = u.text
        order by t._rid
    """)
    for name in ("value", "growth_pct"):
        con.execute(f"""
            insert into problem
            select 'VALUE-NUMBER', t._rid, '{name}', q.problem_zh, q.problem_en, null, null, null
            from sent as t inner join quantity as q on t.{name} = q.text where q.problem_en is not null
        """)
    con.execute("""
        insert into problem
        select 'VALUE-DECIMALS', t._rid, 'value', null, null, null, null, null
        from sent as t inner join quantity as q on t.value = q.text where q.finer
    """)


def _register_lines(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """The form's lines, the names people used for them, and the units they wrote."""
    lines = [
        (
            i.code, i.basis, i.unit, i.quoted_unit, i.level, i.min, i.max, units_for(i.unit),
            f"{'' if i.min is None else f'{i.min:g}'} … {'' if i.max is None else f'{i.max:g}'} {i.unit}",
        )
        for i in form.indicators
    ]  # fmt: skip
    names = "indicator basis unit quoted_unit has_level:bool_ min_value:float64 max_value:float64 units_expected range_expected"
    con.register("line", _table(lines, names))
    spellings = {s: i.code for i in form.indicators for s in i.spellings}
    said = [t for (t,) in con.execute("select distinct indicator from sent where indicator is not null").fetchall()]
    con.register("line_known", _table([(t, spellings.get(tidy_heading(t))) for t in said], "text indicator"))
    said = [t for (t,) in con.execute("select unit from sent where unit is not null union select unit from heading").fetchall()]
    known = {t: find_unit(t) for t in [*said, *load_units()] if t}
    rows = [(t, load_units()[u].base_unit, load_units()[u].factor) for t, u in known.items() if u]
    con.register(
        "unit_known",
        pa.table(
            {
                "text": [r[0] for r in rows],
                "base_unit": [r[1] for r in rows],
                "factor": pa.array([r[2] for r in rows], pa.decimal128(18, 4)),
            }
        ),
    )


def summarise(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Make `summary`: what form rules see of a submission, from the rows that are not held.

    An indicator form gives each line by its code: value in base units, `__rounding` (the size of
    its last printed digit), `__growth_pct`, `__printed` (as sent), `__factor`, `__unit`, `__rows`.
    """
    columns = ["s.submission"]
    if form.kind == "indicator":
        for i in form.indicators:
            at = f"filter (where t.indicator = {quote(i.code)})"
            sent_as = "t.value_text || case when t.unit_sent = '%' then '%' else ' ' || coalesce(t.unit_sent, '') end"
            for suffix, expression in (
                ("", "t.value"), ("__rounding", "t.rounding"), ("__growth_pct", "t.growth_pct"), ("__factor", "t.factor"),
                ("__unit", "t.unit_sent"), ("__printed", sent_as),
            ):  # fmt: skip
                columns.append(f"max({expression}) {at} as {i.code}{suffix}")
            columns.append(f"count(*) {at} as {i.code}__rows")
    con.execute(f"""
        create or replace temp table summary as
        select {", ".join(columns)}, count(t._rid) as rows
        from submitted as s
        left join typed as t on s.submission = t.submission and t._rid not in (select h._rid from held as h)
        where s.submission in (select p.submission from place as p)
        group by s.submission
    """)


# --- registers -------------------------------------------------------------------------------


def _type_register(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    factors = {c.name: _factor_of(con, c) for c in form.columns if c.type == "decimal"}
    expressions = [f"{_cast(c, factors.get(c.name))} as {c.name}" for c in form.columns]
    con.execute(f"""
        create temp table typed as
        select t._rid, t._block, t._row, p.submission, p.zone, p.period, {", ".join(expressions)}
        from sent as t inner join place as p on t._block = p._block
        {" ".join(f"left join heading as h_{n} on t._block = h_{n}._block and h_{n}.field = '{n}' left join unit_known as u_{n} on h_{n}.unit = u_{n}.text" for n, f in factors.items() if f is None)}
    """)
    counts = con.execute(
        f"select {', '.join(f'count(*) filter (where typed.{c.name} is null)' for c in form.columns)} from typed"
    ).fetchone()
    blanks = dict(zip((c.name for c in form.columns), counts or (), strict=True))
    for column in form.columns:
        if column.type == "decimal":
            _note_finer(con, column)
        if blanks[column.name]:
            _explain_nulls(con, column, factors.get(column.name, Decimal(1)))
        if column.code_table:
            _check_code_table(con, column)


def _factor_of(con: duckdb.DuckDBPyConnection, column: Column) -> Decimal | None:
    """What one of the printed unit is in base units; None where blocks differ and a join has to tell."""
    printed = load_units()[column.unit].factor if column.unit else Decimal(1)
    rows = con.execute("select distinct unit from heading where field = ?", [column.name]).fetchall()
    sent = {load_units()[u].factor if column.unit and u in load_units() else printed for (u,) in rows} or {printed}
    if len(sent) == 1:
        return sent.pop()
    known = [(u.unit, u.factor) for u in load_units().values()]
    con.register("unit_known", pa.table({"text": [k[0] for k in known], "factor": pa.array([k[1] for k in known], pa.decimal128(18, 4))}))
    return None


def _cast(column: Column, factor: Decimal | None) -> str:
    """The fast cast; what it gives NULL for is looked at again in `_explain_nulls`."""
    text = f"t.{column.name}"
    if column.type == "decimal":
        number = f"try_cast({text} as decimal(18, 4))"
        if factor is None:
            default = load_units()[column.unit].factor if column.unit else 1
            return f"({number} * coalesce(u_{column.name}.factor, {default}))::decimal(18, 2)"
        return f"{number}::decimal(18, 2)" if factor == 1 else f"({number} * {factor})::decimal(18, 2)"
    if column.type == "integer":
        number = f"try_cast({text} as decimal(18, 4))"
        return f"case when {number} = trunc({number}) then {number}::bigint end"
    if column.type == "boolean":
        return (
            f"case when lower(trim({text})) in ('是', '1', 'true', 'yes', 'y', '√') then true"
            f" when lower(trim({text})) in ('否', '0', 'false', 'no', 'n', '×') then false end"
        )
    if column.type == "date":
        formats = "['%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y%m%d', '%Y年%m月%d日', '%Y-%m-%dT%H:%M:%S']"
        return f"try_strptime(trim({text}), {formats})::date"
    if column.type == "uscc":
        return f"case when uscc_is_valid(upper(trim({text}))) then upper(trim({text})) end"
    if column.codes:
        arms = " ".join(
            f"when lower(trim({text})) in ({', '.join(quote(w) for w in sorted({code.lower(), t.zh.lower(), t.en.lower()}))}) then {quote(code)}"
            for code, t in column.codes.items()
        )
        return f"case {arms} end"
    return f"nullif(trim({text}), '')"


def _explain_nulls(con: duckdb.DuckDBPyConnection, column: Column, factor: Decimal | None) -> None:
    """A NULL is a blank, a number written oddly, or a problem that gets its words."""
    name = column.name
    odd = [
        t
        for (t,) in con.execute(
            f"select distinct s.{name} from sent as s inner join typed as t on s._rid = t._rid"
            f" where t.{name} is null and s.{name} is not null"
        ).fetchall()
    ]
    _register_quantities(con, odd if column.numeric else [t for t in odd if not clean(t)])
    if column.numeric:
        scale = (
            f"coalesce((select u.factor from heading as h inner join unit_known as u on h.unit = u.text where h._block = s._block and h.field = '{name}'), 1)"
            if factor is None
            else str(factor)
        )
        whole = "and q.value = trunc(q.value)" if column.type == "integer" else ""
        con.execute(
            f"update typed set {name} = (q.value * {scale})::{SQL_TYPES[column.type]} from sent as s, quantity as q"
            f" where s._rid = typed._rid and s.{name} = q.text and q.value is not null and typed.{name} is null {whole}"
        )
        con.execute(
            f"insert into problem select 'VALUE-NUMBER', s._rid, '{name}', q.problem_zh, q.problem_en, null, null, null"
            f" from sent as s inner join quantity as q on s.{name} = q.text where q.problem_en is not null"
        )
    code = "VALUE-CODE" if column.codes else "VALUE-TYPE"
    expected_zh, expected_en = _TYPE_NAMES.get(column.type, ("", ""))
    listed = "、".join(t.zh for t in (column.codes or {}).values())
    con.execute(
        f"insert into problem select '{code}', t._rid, '{name}', null, null, ?, ?, ?"
        f" from typed as t inner join sent as s on t._rid = s._rid left join quantity as q on s.{name} = q.text"
        f" where t.{name} is null and trim(s.{name}) <> '' and q.problem_en is null and q.obs_status is distinct from 'L'"
        f" and q.obs_status is distinct from 'M'",
        [expected_zh, expected_en, listed],
    )
    if not column.required:
        return
    con.execute(
        f"insert into blank select t._rid, '{name}' from typed as t where t.{name} is null"
        f" and t._rid not in (select p._rid from problem as p where p.field = '{name}')"
    )


def _note_finer(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    """A plain number with more decimals than the cast keeps."""
    text = f"s.{column.name}"
    con.execute(
        f"insert into problem select 'VALUE-DECIMALS', s._rid, '{column.name}', null, null, null, null, null from sent as s"
        f" where strpos({text}, '.') between 1 and length({text}) - 5 and try_cast({text} as double) is not null"
    )


def _check_code_table(con: duckdb.DuckDBPyConnection, column: Column) -> None:
    schema, table, code = str(column.code_table).split(".")
    con.execute(
        f"insert into problem select 'VALUE-CODE', t._rid, '{column.name}', null, null, null, null, '{column.code_table}'"
        f" from typed as t where t.{column.name} is not null and t.{column.name} not in (select c.{code} from {schema}.{table} as c)"
    )


def _find_duplicates(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Rows that share a whole key within a submission: `duplicate(_rid, count, rows)`."""
    key = ", ".join(f"t.{k}" for k in form.key)
    known = " and ".join(f"t.{k} is not null" for k in form.key)
    same = " and ".join(f"t.{k} = d.{k}" for k in form.key)
    con.execute(f"""
        create temp table duplicate as
        with shared as (
            select {key}, t.submission
            from typed as t where {known} group by {key}, t.submission having count(*) > 1
        ),
        twin as (
            select t._rid, t._row, {key}, t.submission
            from typed as t inner join shared as d on t.submission = d.submission and {same}
        )
        select
            t._rid, count(*) over w as count,
            string_agg(t._row, '、') over (w order by t._row rows between unbounded preceding and unbounded following) as rows
        from twin as t window w as (partition by {key}, t.submission)
    """)


def load_columns(form: Form) -> str:
    """The columns of `typed` (as `t`) that are loaded, in the order of the table in `core`."""
    if form.kind == "register":
        return ", ".join(["t.zone", "t.period", *(f"t.{c.name}" for c in form.columns)])
    return (
        f"t.zone, t.period, t.indicator, null::varchar as industry, t.basis, t.value, t.unit, t.value_reported,"
        f" t.unit_sent as unit_reported, t.decimals as decimals_reported, t.growth_pct as growth_reported_pct,"
        f" t.growth_decimals, t.qualifier, t.obs_status, t.note, '{form.code}' as form"
    )
