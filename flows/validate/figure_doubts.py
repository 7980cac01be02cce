"""What is doubtful in the figures of an indicator form, beside text that is no number at all.

In: `typed`, `sent` and `quantity` in a scratch database. Out, there: rows of `problem`, a row a
cell: commas that may be decimal points, growth in points, as a
fraction or as a ratio, and marks of footnotes that were set aside.
"""

from __future__ import annotations

import duckdb

from flows.validate.cut_figures import list_cuts

# a comma that groups thousands, or is a decimal point with three places
_ONE_COMMA = "^[+-]?[1-9]\\d{0,2}[,，\\s]\\d{3}[%％]?$"
_PLAIN_DECIMALS = "^[+-]?\\d+\\.\\d+$"
_SURELY_GROUPED = "\\d[,，\\s]\\d{3}([.,，\\s]\\d)"
_DECIMAL_COMMA = "^[+-]?\\d+[,，](\\d{1,2}|\\d{4,})[%％]?$"
_IS_LIKE_RATIO = "g.growth_pct between 0.5 and 2"  # with last year at 1
_EITHER_ZH = "三位数字之前的逗号可能是千分位，也可能是小数点"
_EITHER_EN = "the comma before three figures may group thousands or be a decimal point"


def list_doubts(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `problem` every doubt about the figures of `typed`."""
    _list_commas(con)
    list_cuts(con)
    _list_changes(con)
    _list_growths(con)
    _list_fractions(con)
    _list_rates(con)
    _list_exchanges(con)
    _list_noughts(con)
    _list_triangles(con)
    _list_marks(con)


def _list_commas(con: duckdb.DuckDBPyConnection) -> None:
    """Commas of which nothing in the file tells whether they group thousands: other figures use
    them for a decimal point, or a line quoted with decimals has none behind the comma while other
    figures have theirs. A growth of thousands is never one.
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
                    filter (where regexp_matches(f.text, '\\d')) as is_all_one_comma,
                bool_or(f.has_decimals and regexp_matches(f.text, '{_PLAIN_DECIMALS}'))
                    and not bool_or(coalesce(regexp_matches(f.text, '{_SURELY_GROUPED}'), false))
                        as is_pointed
            from figure as f group by f.submission
        )
        select 'VALUE-COMMA' as code, f._rid, 'value' as field, '{_EITHER_ZH}' as problem_zh,
            '{_EITHER_EN}' as problem_en
        from figure as f inner join style as s on f.submission = s.submission
        where regexp_matches(f.text, '{_ONE_COMMA}')
            and (s.is_decimal or s.is_all_one_comma or (f.has_decimals and s.is_pointed))
        union all by name
        select 'VALUE-COMMA' as code, f._rid, 'growth_pct' as field, '{_EITHER_ZH}' as problem_zh,
            '{_EITHER_EN}' as problem_en
        from figure as f
        where regexp_matches(f.growth_text, '{_ONE_COMMA}')
    """)


def _list_changes(con: duckdb.DuckDBPyConnection) -> None:
    """Words of a change (`同比增长3.6`) in a level's cell; 二, 三 or an amount (`3.6亿`) in that of
    a growth.
    """
    con.execute("""
        insert into problem by name
        select 'VALUE-NUMBER' as code, t._rid, 'growth_pct' as field,
            if(t.growth_text in ('二', '三'), '是数字，还是几条横线？',
                '汉字数目作增速，像是序号或误填') as problem_zh,
            if(t.growth_text in ('二', '三'), 'is it a figure, or dashes for none?',
                'a growth in Chinese figures; it seems to be a number of order, or a slip')
                as problem_en
        from (select _rid, trim(growth_text) as growth_text from typed) as t
        where regexp_full_match(t.growth_text, '[零〇一二两三四五六七八九十百千壹贰叁拾佰仟]+')
            and not regexp_full_match(t.growth_text, '一+')
    """)
    con.execute("""
        insert into problem by name
        select 'VALUE-NUMBER' as code, t._rid, 'growth_pct' as field,
            '增速不以万、亿计，像是增减的数额' as problem_zh,
            'no growth is in myriads; it seems to be an amount' as problem_en
        from typed as t inner join quantity as q on t.growth_text = q.text
        where q.scale > 1 and q.value is not null
    """)
    con.execute("""
        insert into problem by name
        select 'VALUE-NUMBER' as code, t._rid, 'value' as field,
            '写的是增减，不是数值' as problem_zh, 'it says a change and no level' as problem_en
        from typed as t inner join quantity as q on t.value_text = q.text
        where t.has_level and q.is_change and t.value_reported is not null
    """)


def _list_growths(con: duckdb.DuckDBPyConnection) -> None:
    """Growth in percentage points."""
    con.execute("""
        insert into problem by name
        select 'GROWTH-POINTS' as code, t._rid, 'growth_pct' as field
        from typed as t where t.growth_unit = '百分点'
    """)


def _list_fractions(con: duckdb.DuckDBPyConnection) -> None:
    """Growths that look like fractions for want of a hundred: below 1, with more decimals than
    those of the file that are not; or, where all are below 1, with two decimals and small. In the
    same way those that look like ratios with last year at 1.
    """
    con.execute(f"""
        insert into problem by name
        with growth as (
            select t._rid, t.submission, t.growth_pct, abs(t.growth_pct) as size,
                -- a formula gives as many as there are digits, the more of them the smaller it is
                least(t.growth_decimals, 6) as growth_decimals
            from typed as t where t.growth_pct <> 0 and coalesce(t.growth_unit, '%') = '%'
        ),
        style as (
            select
                g.submission,
                max(g.growth_decimals) filter (where g.size >= 1) as decimals,
                max(g.growth_decimals) filter (where not {_IS_LIKE_RATIO}) as other_decimals,
                bool_and({_IS_LIKE_RATIO}) and max(g.growth_decimals) >= if(count(*) > 1, 2, 3)
                    as is_ratio,
                max(g.size) < 1
                    and (max(g.growth_decimals) >= 3
                        or (min(g.growth_decimals) >= 2 and (count(*) > 2 or max(g.size) < 0.2)))
                        as is_fraction
            from growth as g group by g.submission
        )
        select
            if(s.is_ratio or g.growth_pct >= 1, 'GROWTH-RATIO', 'GROWTH-FRACTION') as code,
            g._rid, 'growth_pct' as field
        from growth as g inner join style as s on g.submission = s.submission
        where s.is_fraction or s.is_ratio
            or (g.size < 1 and g.growth_decimals >= 2 and g.growth_decimals > s.decimals)
            or ({_IS_LIKE_RATIO} and g.growth_decimals >= 2
                and g.growth_decimals > s.other_decimals)
    """)


def _list_rates(con: duckdb.DuckDBPyConnection) -> None:
    """Levels in per cent that look like fractions or ratios: near 1 or below, with two decimals
    more than the line is printed with; a share (of a line that is not below 0) with one more.
    """
    con.execute("""
        insert into problem by name
        select 'RATE-FRACTION' as code, t._rid, 'value' as field
        from typed as t
        where t.is_rate and t.unit_sent = '%' and t.value_reported <> 0
            and abs(t.value_reported) < 2
            and (
                t.decimals >= t.quoted_decimals + 2
                or (t.min_value >= 0 and t.value_reported <= 1 and t.decimals > t.quoted_decimals)
            )
    """)


def _list_exchanges(con: duckdb.DuckDBPyConnection) -> None:
    """Levels and growths that changed columns: in every line of a file, two at least, the growth is
    the larger and has the decimals that a level in that unit has; or the two are one number.
    """
    con.execute("""
        insert into problem by name
        with line as (
            select t._rid, t.submission, t.value_reported as level, t.decimals, t.growth_pct,
                t.growth_decimals
            from typed as t
            where t.value_reported <> 0 and t.growth_pct is not null and t.quoted_decimals > 0
                and t.unit_sent is not distinct from t.quoted_unit
        ),
        style as (
            select l.submission
            from line as l
            group by l.submission
            having count(*) > 1 and (bool_and(l.level = l.growth_pct)
                or (bool_and(abs(l.growth_pct) > abs(l.level))
                    and max(l.decimals) <= 1 and max(l.growth_decimals) >= 2))
        )
        select 'GROWTH-EXCHANGED' as code, l._rid, 'value' as field
        from line as l inner join style as s on l.submission = s.submission
    """)


def _list_noughts(con: duckdb.DuckDBPyConnection) -> None:
    """Levels of 0 beside a growth that no such level has: the 0 may stand for a figure that is
    missing.
    """
    con.execute("""
        insert into problem by name
        select 'LEVEL-ZERO' as code, t._rid, 'value' as field, plain(t.growth_pct) as expected
        from typed as t where t.value_reported = 0 and t.growth_pct not in (0, -100)
    """)


def _list_triangles(con: duckdb.DuckDBPyConnection) -> None:
    """▲ is an accountant's minus, unless what else stands in the column says that it points up:
    ▼ for a fall, a minus that is written as one, or a triangle at every growth of the file.
    """
    con.execute("""
        insert into problem by name
        with growth as (
            select t._rid, t.submission, left(q.marks, 1) as sign, t.growth_pct,
                regexp_matches(trim(t.growth_text), '^[-−－–]') as is_minus
            from typed as t inner join quantity as q on t.growth_text = q.text
            where q.value is not null
        ),
        style as (
            select
                g.submission,
                bool_or(g.sign in ('▼', '▽')) as has_down,
                bool_or(g.is_minus) as has_minus,
                count(*) > 1 and bool_and(coalesce(g.sign in ('▲', '△'), false)) as is_everywhere
            from growth as g group by g.submission
        )
        select 'GROWTH-TRIANGLE' as code, g._rid, 'growth_pct' as field,
            plain(g.growth_pct) as expected
        from growth as g inner join style as s on g.submission = s.submission
        where g.sign in ('▲', '△') and (s.has_down or s.has_minus or s.is_everywhere)
    """)


def _list_marks(con: duckdb.DuckDBPyConnection) -> None:
    for name, number in (("value", "value_reported"), ("growth_pct", "growth_pct")):
        con.execute(f"""
            insert into problem by name
            select
                'VALUE-MARK' as code, s._rid, '{name}' as field, q.marks as expected_zh,
                    plain(t.{number}) as expected,
                case when q.qualifier = 'band' then '区间，以下限为准'
                    when q.marks[1] in ('▲', '△', '▼', '▽') then '负号'
                    when q.marks[1] in ('↑', '↓') then '表示升降的箭头' else '注码' end
                    as problem_zh,
                case when q.qualifier = 'band' then 'a band, of which the lower end counts'
                    when q.marks[1] in ('▲', '△', '▼', '▽') then 'a minus sign'
                    when q.marks[1] in ('↑', '↓') then 'an arrow for a rise or a fall'
                    else 'the mark of a footnote' end as problem_en
            from sent as s inner join quantity as q on s.{name} = q.text inner join typed as t
                on s._rid = t._rid
            where q.marks is not null
        """)
