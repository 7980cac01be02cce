-- One row is a figure of a submission that has the figures of the year before throughout, or not.
-- zh: 一行是一份报送中的一个指标值，看整份报送是否与上年同期一字不差
-- grain: submission, field, row_key
-- code: YEAR-COPIED
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-prior
-- version: 2026.1
-- reads: known.observation
-- title zh: 本期的数不是上年同期的那一份
-- title en: the figures are not those of the year before
-- message zh: “{title_zh}”报 {said}，与{year_period}报的相同；整份报表 {figures} 个数都与上年同期一字不差
-- message en: “{title_en}” is {said}, as it was for {year_period}; all {figures} figures of the file are those of the year before
-- mend zh: 核对是否把上年的文件改名报送；确属相同的，请说明
-- mend en: check whether last year's file was sent under this year's name; where the figures are the same, say why
with pair as (
    select
        o.*,
        y.period as year_period,
        coalesce(
            y.submission is not null and o.value is not distinct from y.value and o.growth_pct is not distinct from y.growth_pct,
            false
        ) as is_same,
    from known.observation as o
    left join known.observation as y
        on
            o.seen_by = y.seen_by
            and o.indicator = y.indicator
            and o.industry is not distinct from y.industry
            and o.basis = y.basis
            and y.period = period_year_earlier(o.period)
    where o.is_own and coalesce(o.value, o.growth_pct) is not null
),

whole as (
    select
        p.seen_by,
        count(*) as figures,
        -- two small counts may well be those of the year before
        count(*) > 1 and bool_and(p.is_same) and bool_or(not p.is_count) as is_copied,
    from pair as p
    group by p.seen_by
)

select
    p.seen_by as submission, p.sheet, p.source_row,
    'value' as field,
    p.title_zh as row_key,
    not w.is_copied as holds,
    p.title_zh, p.title_en, p.said, p.year_period, w.figures,
from pair as p
inner join whole as w on p.seen_by = w.seen_by;
