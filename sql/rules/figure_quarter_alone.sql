-- One row is a year to date beside that of the quarter before and that of a year earlier, for a quarter sent alone.
-- zh: 一行是一个本年累计数，与上一季度的累计、上年同期的累计相对照，看是否报成了当季数
-- grain: submission, field, row_key
-- code: FIGURE-QUARTER-ALONE
-- stage: history
-- severity: quarantine
-- forms: indicator
-- subject: figure
-- source: R-ytd, F1
-- version: 2026.2
-- reads: known.adjacent_year_to_date, known.year_earlier, ref.rule_parameter
-- title zh: 报的是本年累计，不是当季
-- title en: what is given is the year to date and not the quarter alone
-- message zh: “{title_zh}”报 {said}，是当季数，不是本年累计：{why_zh}
-- message en: “{title_en}” is given as {said}, which is the quarter alone and not the year to date: {why_en}
-- mend zh: 换成自一月起的累计数，重新报送；若{before_period}的数有误，先报送那个季度的修订件
-- mend en: send the figure from January on; where {before_period} is wrong, send its revision first
-- It is known where the two quarters together make the year to date that the level a year earlier and the growth lead to, and
-- the figure alone is far below it; or where every year to date of the file, two at least, is less than that of the quarter
-- before. One that falls among others is FIGURE-YTD-FALLS'.
with figure as (
    select
        a.*,
        y.year_period,
        y.year_said,
        y.year_value::double * (1 + coalesce(a.growth_pct, 0)::double / 100) as expected,
        coalesce(a.value < a.other_value - a.tolerance, false) as is_fall,
    from known.adjacent_year_to_date as a
    inner join known.year_earlier as y
        on
            a.seen_by = y.seen_by
            and same_series(a.indicator, a.industry, a.basis, y.indicator, y.industry, y.basis)
    where a.is_before
),

judged as (
    select
        f.*,
        f.qualifier = 'exact' and f.other_qualifier = 'exact' and f.value > 0 and f.other_value > 0 as is_sound,
        coalesce(
            abs((f.value + f.other_value)::double / nullif(f.expected, 0) - 1) * 100 <= parameter('quarter_alone_apart_pct')
            and f.value::double / nullif(f.expected, 0) * 100 <= parameter('quarter_alone_most_pct'),
            false
        ) as is_completed,
        count(f.other_value) over same_file as figures,
        bool_and(f.is_fall) filter (where f.other_value is not null) over same_file
        and count(f.other_value) over same_file > 1
        -- all of them a tenth or less is another unit
        and f.value::double / f.other_value::double > 1 / parameter('magnitude_ask') as is_fall_of_all,
    from figure as f
    window same_file as (partition by f.seen_by)
)

select
    j.seen_by as submission, j.sheet, j.source_row,
    'value' as field,
    j.title_zh as row_key,
    if(j.other_value is null, null, not (j.is_sound and (j.is_completed or j.is_fall_of_all))) as holds,
    if(j.is_completed, [struct_pack(source_row := j.source_row, field := 'growth_pct')], null) as further,
    j.title_zh, j.title_en, j.said,
    j.other_period as before_period,
    if(
        j.is_completed,
        '加上' || j.other_period || '累计的 ' || j.other_said || '，才与' || j.year_period || '累计的 ' || j.year_said || '和所报增速相符',
        '本报表的 ' || j.figures || ' 个累计数都少于' || j.other_period || '的累计，这一项那时报的是 ' || j.other_said
    ) as why_zh,
    if(
        j.is_completed,
        'only together with the ' || j.other_said || ' of ' || j.other_period || ' does it agree with the ' || j.year_said
        || ' of ' || j.year_period || ' and the growth given',
        'all ' || j.figures || ' years to date of the form are less than those of ' || j.other_period || ', which was given as '
        || j.other_said || ' here'
    ) as why_en,
from judged as j;
