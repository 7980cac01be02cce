"""What is doubtful in the figures of an indicator form, beside text that is no number at all.

In: `typed`, `sent` and `quantity` in a scratch database. Out, there: rows of `problem`, a row a
cell: commas that may be decimal points, growth in points or as a
fraction, and marks of footnotes that were set aside.
"""

from __future__ import annotations

import duckdb

# a comma that groups thousands, or is a decimal point with three places
_ONE_COMMA = "^[+-]?[1-9]\\d{0,2}[,，]\\d{3}$"
_DECIMAL_COMMA = "^[+-]?\\d+[,，](\\d{1,2}|\\d{4,})[%％]?$"
_EITHER_ZH = "三位数字之前的逗号可能是千分位，也可能是小数点"
_EITHER_EN = "the comma before three figures may group thousands or be a decimal point"


def list_doubts(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `problem` every doubt about the figures of `typed`."""
    _list_commas(con)
    _list_shifts(con)
    _list_growths(con)
    _list_marks(con)


def _list_commas(con: duckdb.DuckDBPyConnection) -> None:
    """Commas of which nothing in the file tells whether they group thousands: other figures use
    them for a decimal point, or no other figure of a line quoted with decimals has any.
    """
    con.execute(f"""
        insert into problem by name
        with figure as (
            select
                t._rid, t.submission, trim(t.value_text) as text, trim(t.growth_text)
                    as growth_text,
                t.unit_sent is not distinct from t.quoted_unit and t.quoted_decimals > 0
                    as has_decimals
            from typed as t where t.value_text is not null or t.growth_text is not null
        ),
        style as (
            select
                f.submission,
                bool_or(coalesce(regexp_matches(f.text, '{_DECIMAL_COMMA}'), false)
                    or coalesce(regexp_matches(f.growth_text, '{_DECIMAL_COMMA}'), false))
                        as is_decimal,
                bool_and(f.has_decimals and regexp_matches(f.text, '{_ONE_COMMA}'))
                    filter (where regexp_matches(f.text, '\\d')) as is_all_one_comma
            from figure as f group by f.submission
        )
        select 'VALUE-COMMA' as code, f._rid, 'value' as field, '{_EITHER_ZH}' as problem_zh,
            '{_EITHER_EN}' as problem_en
        from figure as f inner join style as s on f.submission = s.submission
        where regexp_matches(f.text, '{_ONE_COMMA}') and (s.is_decimal or s.is_all_one_comma)
    """)


def _list_shifts(con: duckdb.DuckDBPyConnection) -> None:
    """`34,125,6.0` without quotes in a text file is 34, 125 and a note that says 6.0."""
    con.execute("""
        insert into problem by name
        select
            'VALUE-COMMA' as code, s._rid, 'value' as field,
            '像是“' || s.value || ',' || s.growth_pct
                || '”没有加引号，千分位逗号把它切成了两格，后面各栏都错了一格' as problem_zh,
            'it seems that “' || s.value || ',' || s.growth_pct
            || '” had no quotes: its comma cut it in two, and the cells behind it moved on by one'
                as problem_en
        from sent as s
        where regexp_matches(s.value, '^[+-]?\\d{1,3}$') and regexp_matches(s.growth_pct,
            '^\\d{3}(\\.\\d+)?$')
            and regexp_matches(s.note, '^[+-]?\\d+(\\.\\d+)?%?$')
    """)


def _list_growths(con: duckdb.DuckDBPyConnection) -> None:
    """Growth in percentage points, and growths that look like fractions for want of a hundred."""
    con.execute("""
        insert into problem by name
        select 'GROWTH-POINTS' as code, t._rid, 'growth_pct' as field
        from typed as t where t.growth_unit = '百分点'
    """)
    con.execute("""
        insert into problem by name
        with growth as (
            select t._rid, t.submission, t.growth_pct, t.growth_decimals
            from typed as t where t.growth_pct <> 0 and t.growth_unit is null
        ),
        fraction as (
            select g.submission from growth as g group by g.submission
            having max(abs(g.growth_pct)) < 1
                and (min(g.growth_decimals) >= 3 or (count(*) > 1 and max(g.growth_decimals) >= 3)
                    or (count(*) > 2 and min(g.growth_decimals) >= 2))
        )
        select 'GROWTH-FRACTION' as code, g._rid, 'growth_pct' as field
        from growth as g semi join fraction as f on g.submission = f.submission
    """)


def _list_marks(con: duckdb.DuckDBPyConnection) -> None:
    for name, number in (("value", "value_reported"), ("growth_pct", "growth_pct")):
        con.execute(f"""
            insert into problem by name
            select
                'VALUE-MARK' as code, s._rid, '{name}' as field, q.marks as expected_zh,
                    plain(t.{number}) as expected,
                if(q.marks[1] in ('▲', '△', '▼', '▽'), '负号', '注码') as problem_zh,
                if(q.marks[1] in ('▲', '△', '▼', '▽'), 'a minus sign', 'the mark of a footnote')
                    as problem_en
            from sent as s inner join quantity as q on s.{name} = q.text inner join typed as t
                on s._rid = t._rid
            where q.marks is not null
        """)
