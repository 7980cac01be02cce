"""Noun: an indicator form's rows, a figure a row, cast from text in one query.

In: `sent`, `place` and `heading` in a scratch database. Out, there: `typed` (a row per row sent)
and, from the rows that are not held, `summary` (a row a submission, for the rules of the form).
Here `indicator` is the code of the line, by which rules name it; `loads_as` and `industry` are what
it is
in the warehouse, where several lines may be one indicator of different industries.
"""

from __future__ import annotations

import duckdb

from flows.forms.form import Form
from flows.model.name import tidy_heading
from flows.model.quantity import say_range
from flows.model.unit import load_units, units_for
from flows.validate.cast_values import register_quantities, register_units, tabulate_rows
from flows.warehouse.sql_text import quote

# a number that its column cannot hold, or in a unit that growth is not said in
NO_FIGURE = ("太大，不会是真的，或计量单位不对", "it is too large to be true, or in a wrong unit")


def type_indicators(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Make `typed`: each line known by any of its names, its figure in the base unit and as sent."""
    _register_lines(con, form)
    texts = con.execute(
        "select value from sent where value is not null union select growth_pct from sent where growth_pct is not null"
    ).fetchall()
    register_quantities(con, [t for (t,) in texts])
    con.execute("""
        create temp table typed as
        select
            t._rid, t._block, t._row, p.submission, p.zone, p.period,
            t.indicator as line, l.indicator, i.loads_as, i.industry, i.basis, i.unit, i.quoted_unit, i.has_level,
            contains(i.asked_in, right(p.period, 1)) as is_asked,
            i.min_value, i.max_value, i.range_expected, i.units_expected, i.is_whole,
            coalesce(v.unit, t.unit, h.unit) as unit_sent,
            u.base_unit as base_unit_sent, u.factor,
            v.value as value_reported, v.decimals, coalesce(v.qualifier, 'exact') as qualifier,
            coalesce(v.obs_status, 'L') as obs_status,
            try_cast(v.value * u.factor::decimal(14, 4) as decimal(28, 6)) as value,
            (u.factor * power(10, -v.decimals))::decimal(28, 6) as rounding,
            case when g.unit is null or gu.base_unit in ('%', '百分点')
                then try_cast(g.value * coalesce(gu.factor, 1)::decimal(14, 4) as decimal(18, 6)) end as growth_pct,
            g.decimals as growth_decimals,
            v.problem_en is not null as value_unreadable, t.value as value_text, t.growth_pct as growth_text, t.note
        from sent as t
        inner join place as p on t._block = p._block
        left join line_known as l on t.indicator = l.text
        left join line as i on l.indicator = i.indicator
        left join quantity as v on t.value = v.text
        left join quantity as g on t.growth_pct = g.text
        left join unit_known as gu on g.unit = gu.text
        left join heading as h on t._block = h._block and h.field = 'value'
        left join unit_known as u on coalesce(v.unit, t.unit, h.unit) = u.text
        order by t._rid
    """)
    for name in ("value", "growth_pct"):
        con.execute(f"""
            insert into problem by name
            select 'VALUE-NUMBER' as code, t._rid, '{name}' as field, q.problem_zh, q.problem_en
            from sent as t inner join quantity as q on t.{name} = q.text where q.problem_en is not null
        """)
    for name in ("value", "growth_pct"):
        con.execute(f"""
            insert into problem by name
            select
                'VALUE-NUMBER' as code, t._rid, '{name}' as field, {quote(NO_FIGURE[0])} as problem_zh, {quote(NO_FIGURE[1])} as problem_en
            from typed as t inner join sent as s on t._rid = s._rid inner join quantity as q on s.{name} = q.text
            where q.value is not null and t.{name} is null and (t.factor is not null or '{name}' <> 'value')
        """)
    con.execute("""
        insert into problem by name
        select 'VALUE-DECIMALS' as code, t._rid, 'value' as field
        from sent as t inner join quantity as q on t.value = q.text where q.finer
    """)


def _register_lines(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """The form's lines, the names people used for them, and the units they wrote."""
    lines = [
        (
            i.code, i.indicator, i.industry, i.basis, i.unit, i.quoted_unit, i.level, i.min, i.max, units_for(i.unit),
            f"{say_range(i.min, i.max)} {i.unit}", load_units()[i.unit].is_whole and i.flow_type != "rate",
            "".join(map(str, form.due_quarters(i))) if i.required else "",
        )
        for i in form.indicators
    ]  # fmt: skip
    names = (
        "indicator loads_as industry basis unit quoted_unit has_level:bool_ min_value:float64 max_value:float64"
        " units_expected range_expected is_whole:bool_ asked_in"
    )
    con.register("line", tabulate_rows(lines, names))
    spellings = {s: i.code for i in form.indicators for s in i.spellings}
    said = [
        t
        for (t,) in con.execute(
            "select distinct indicator from sent where indicator is not null"
        ).fetchall()
    ]
    con.register(
        "line_known",
        tabulate_rows([(t, spellings.get(tidy_heading(t))) for t in said], "text indicator"),
    )
    said = [
        t
        for (t,) in con.execute(
            "select unit from sent where unit is not null union select unit from heading"
        ).fetchall()
    ]
    register_units(con, said)


def summarise(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Make `summary`: what form rules see of a submission, from the rows that are not held.

    An indicator form gives each line by its code: value in base units, `__rounding` (the size of
    its last printed digit), `__growth_pct`, `__printed` (as sent), `__factor`, `__unit`, and
    `__rows`, which counts held rows too: what was sent and is held was not left out.
    """
    columns = ["s.submission", "right(any_value(s.period), 1)::integer as _quarter"]
    if form.kind == "indicator":
        for i in form.indicators:
            at = f"filter (where t.indicator = {quote(i.code)} and not t.is_held)"
            unit_said = (
                "case when ends_with(t.value_text, t.unit_sent) then '' when t.unit_sent = '%' then '%'"
                " when regexp_matches(t.value_text, '\\p{Han}') then t.unit_sent else ' ' || t.unit_sent end"  # 近1.5亿元
            )
            sent_as = f"t.value_text || coalesce({unit_said}, '')"
            for suffix, expression in (
                ("", "t.value"), ("__rounding", "t.rounding"), ("__growth_pct", "t.growth_pct"), ("__factor", "t.factor"),
                ("__unit", "t.unit_sent"), ("__printed", sent_as),
            ):  # fmt: skip
                columns.append(f"max({expression}) {at} as {i.code}{suffix}")
            columns.append(
                f"count(*) filter (where t.indicator = {quote(i.code)}) as {i.code}__rows"
            )
    con.execute(f"""
        create or replace temp table summary as
        select {", ".join(columns)}, count(t._rid) as rows
        from submitted as s
        left join (select y.*, y._rid in (select h._rid from held as h) as is_held from typed as y) as t on s.submission = t.submission
        where s.submission in (select p.submission from place as p)
        group by s.submission
    """)
