"""An indicator form's rows, a figure a row, cast from text in one query.

In: `sent`, `place` and `heading` in a scratch database. Out, there: `typed` (a row per row sent)
and, from the rows that are not held, `summary` (a row a submission, for the rules of the form).
Here `indicator` is the code of the line, by which rules name it; `loads_as` and `industry` are what
it is in the warehouse, where several lines may be one indicator of different industries.
"""

from __future__ import annotations

import duckdb

from flows.forms.form import Form
from flows.model.text import say_range
from flows.model.unit import load_units, units_for
from flows.validate.cast_values import register_quantities, register_units, tabulate_rows
from flows.validate.figure_doubts import list_doubts
from flows.validate.figure_units import list_unit_conflicts, register_stated_units
from flows.validate.line_names import list_unit_words, register_line_names
from flows.validate.note_words import list_note_words
from flows.warehouse.database import bring_in
from flows.warehouse.sql_text import quote

# a number that its column cannot hold, or in a unit that growth is not said in
NO_FIGURE = ("太大，不会是真的，或计量单位不对", "it is too large to be true, or in a wrong unit")


def type_indicators(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Make `typed`: each line known by any of its names, its figure in the base unit and as
    sent.
    """
    _register_lines(con, form)
    texts = con.execute(
        "select value from sent where value is not null"
        " union select growth_pct from sent where growth_pct is not null"
    ).fetchall()
    is_plan = any(i.basis == "plan" for i in form.indicators)
    register_quantities(con, [t for (t,) in texts], are_plans=is_plan)
    con.execute("""
        create temp table typed as
        with named as (
            select
                t._rid, t._block, t._row, p.submission, p.zone, p.period,
                t.indicator as line, l.indicator, i.loads_as, i.industry, i.basis, i.unit,
                    i.quoted_unit, i.quoted_decimals, i.has_level,
                contains(i.asked_in, right(p.period, 1)) as is_asked,
                i.min_value, i.max_value, i.range_expected, i.units_expected, i.is_whole,
                i.is_rate,
                v.unit as cell_unit, l.unit as name_unit, t.unit as row_unit, h.unit as head_unit,
                hl.unit as line_unit, ns.unit as note_unit,
                coalesce(t.unit, l.unit, h.unit) as declared_unit, coalesce(v.scale, 1) as scale,
                v.unit is null and v.scale > 1 and v.scale = d.prefix as is_scaled_by_unit,
                if(is_scaled_by_unit, v.unscaled, v.value) as number,
                if(is_scaled_by_unit, v.decimals + v.shift, v.decimals) as number_decimals,
                coalesce(v.qualifier, 'exact') as number_qualifier, coalesce(v.obs_status, 'L')
                    as obs_status,
                u.base_unit as base_unit_sent, u.factor,
                coalesce(u.unit, v.unit, t.unit, l.unit, h.unit) as unit_said,
                -- without a level, a figure in per cent is the growth, and so is its unit
                not i.has_level and u.base_unit = '%' and i.unit <> '%' and t.growth_pct is null
                    and number is not null
                    as is_growth_alone,
                is_growth_alone or (not i.has_level and number is null and u.base_unit <> i.unit)
                    -- of growth alone, or a dash
                    or (number is null and g.value is not null and u.base_unit = '%'
                        and i.unit <> '%')
                    or (number is null and regexp_full_match(t.unit, '[-—–－/]+'))
                    as has_no_unit,
                -- a unit of points is of the growth, where there is no level
                if(u.base_unit = '百分点' and i.unit <> '百分点' and number is null, '百分点', null)
                    as points,
                coalesce(g.unit, points, hg.unit) as growth_unit, g.value as growth, g.decimals
                    as growth_places,
                coalesce(g.qualifier, 'exact') as growth_said, gu.base_unit as growth_base,
                    gu.factor as growth_factor,
                v.problem_en is not null as value_unreadable, t.value as value_text, t.growth_pct
                    as growth_text,
                nullif(concat_ws('；', t.note, l.note, v.marks, g.marks), '') as note
            from sent as t
            inner join place as p on t._block = p._block
            left join line_known as l on t.indicator = l.text and p.period = l.period
            left join line as i on l.indicator = i.indicator
            left join quantity as v on t.value = v.text
            left join quantity as g on t.growth_pct = g.text
            left join heading as h on t._block = h._block and h.field = 'value'
            left join heading as hg on t._block = hg._block and hg.field = 'growth_pct'
            left join heading as hl on t._block = hl._block and hl.field = 'unit_line'
            left join note_stated as ns on t.note = ns.text
            left join unit_known as gu on coalesce(g.unit, hg.unit) = gu.text
            left join unit_known as d on coalesce(t.unit, l.unit, h.unit) = d.text
            left join unit_known as u on coalesce(v.unit, t.unit, l.unit, h.unit) = u.text
        )
        select
            n.* exclude (number, number_decimals, number_qualifier, unit_said, base_unit_sent,
                factor, growth, growth_places,
                growth_said, growth_base, growth_factor, is_scaled_by_unit, is_growth_alone,
                    has_no_unit, points),
            if(has_no_unit, null, unit_said) as unit_sent, if(has_no_unit, null, base_unit_sent)
                as base_unit_sent,
            if(has_no_unit, null, factor) as factor,
            if(is_growth_alone, null, number) as value_reported, if(is_growth_alone, null,
                number_decimals) as decimals,
            if(is_growth_alone, 'exact', number_qualifier) as qualifier,
            try_cast(value_reported * n.factor::decimal(14, 4) as decimal(28, 6)) as value,
            (n.factor * power(10, -number_decimals))::decimal(28, 6) as rounding,
            case
                when is_growth_alone then try_cast(number * n.factor::decimal(14, 4)
                    as decimal(18, 6))
                when growth_unit is null or (growth_base = '%' and points is null)
                    then try_cast(growth * coalesce(growth_factor, 1)::decimal(14, 4)
                        as decimal(18, 6))
            end as growth_pct,
            if(is_growth_alone, number_decimals, growth_places) as growth_decimals,
            if(is_growth_alone, number_qualifier, growth_said) as growth_qualifier
        from named as n
        order by n._rid
    """)
    for name in ("value", "growth_pct"):
        con.execute(f"""
            insert into problem by name
            select 'VALUE-NUMBER' as code, t._rid, '{name}' as field, q.problem_zh, q.problem_en
            from sent as t inner join quantity as q on t.{name} = q.text
                where q.problem_en is not null
        """)
    for name in ("value", "growth_pct"):
        con.execute(f"""
            insert into problem by name
            select
                'VALUE-NUMBER' as code, t._rid, '{name}' as field, {quote(NO_FIGURE[0])}
                    as problem_zh, {quote(NO_FIGURE[1])} as problem_en
            from typed as t inner join sent as s on t._rid = s._rid inner join quantity as q
                on s.{name} = q.text
            where q.value is not null and t.{name} is null
                and if('{name}' = 'value', t.factor is not null, t.growth_unit is distinct
                    from '百分点')
        """)
    con.execute("""
        insert into problem by name
        select 'VALUE-DECIMALS' as code, t._rid, 'value' as field
        from sent as t inner join quantity as q on t.value = q.text where q.finer
    """)
    list_unit_conflicts(con)
    list_doubts(con)
    list_note_words(con, form)
    list_unit_words(con, form)


def _register_lines(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """The form's lines, the names people used for them, and the units they wrote."""
    lines = [
        (
            i.code,
            i.indicator,
            i.industry,
            i.basis,
            i.unit,
            i.quoted_unit,
            i.quoted_decimals,
            i.level,
            i.min,
            i.max,
            units_for(i.unit),
            f"{say_range(i.min, i.max)} {i.unit}",
            load_units()[i.unit].is_whole and i.flow_type != "rate",
            i.flow_type == "rate" and i.quoted_unit == "%",
            "".join(map(str, form.due_quarters(i))) if i.required else "",
        )
        for i in form.indicators
    ]
    names = (
        "indicator loads_as industry basis unit quoted_unit quoted_decimals:int32 has_level:bool_"
        " min_value:float64 max_value:float64"
        " units_expected range_expected is_whole:bool_ is_rate:bool_ asked_in"
    )
    bring_in(con, "line", tabulate_rows(lines, names))
    register_line_names(con, form)
    register_stated_units(con)
    unit_texts = [
        t
        for (t,) in con.execute(
            "select unit from sent where unit is not null union select unit from heading"
            " union select unit from line_known"
        ).fetchall()
    ]
    register_units(con, unit_texts)


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
                "case when ends_with(t.value_text, t.unit_sent) then ''"
                " when t.unit_sent = '%' then '%'"
                " when regexp_matches(t.value_text, '\\p{Han}') then t.unit_sent"  # 近1.5亿元
                " else ' ' || t.unit_sent end"
            )
            sent_as = f"t.value_text || coalesce({unit_said}, '')"
            for suffix, expression in (
                ("", "t.value"),
                ("__rounding", "t.rounding"),
                ("__growth_pct", "t.growth_pct"),
                ("__factor", "t.factor"),
                ("__unit", "t.unit_sent"),
                ("__printed", sent_as),
            ):
                columns.append(f"max({expression}) {at} as {i.code}{suffix}")
            columns.append(
                f"count(*) filter (where t.indicator = {quote(i.code)}) as {i.code}__rows"
            )
    con.execute(f"""
        create or replace temp table summary as
        select {", ".join(columns)}, count(t._rid) as rows
        from submitted as s
        left join (
            select y.*, y._rid in (select h._rid from held_row as h) as is_held from typed as y
        ) as t on s.submission = t.submission
        where s.submission in (select p.submission from place as p)
        group by s.submission
    """)
