-- One row is a nominal growth rate beside the level a year earlier, as it was reported then and as the growth implies it.
-- zh: 一行是一个现价增速、上年同期已报的数和由增速推算的上年同期数
-- grain: submission, field, row_key
-- code: FIGURE-LEVEL-GROWTH
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-prior, F5
-- version: 2026.1
-- reads: known.observation
-- title zh: 数值、增速与上年同期已报的数相符
-- title en: level and growth agree with the level reported a year earlier
-- message zh: “{title_zh}”报 {said}、同比 {growth_said}%，推算上年同期为 {lowest} 至 {highest}，而{year_period}报的是 {year_said}
-- message en: “{title_en}” is {said}, growth {growth_said} %: a year earlier that is {lowest} to {highest}, while {year_said} was reported for {year_period}
-- mend zh: 核对数值、增速和上年同期数，三者必有一误；如上年数已修订或口径、基数有调整，请说明
-- mend en: check level, growth and the year before, one of the three is off; where last year was revised or the base adjusted, say so
with pair as (
    select
        o.*,
        y.period as year_period,
        y.said as year_said,
        y.value as year_value,
        y.rounding as year_rounding,
        -- F5: every printed digit at the edge of its rounding
        (o.value - o.rounding / 2)::double / (1 + (o.growth_pct::double + o.growth_rounding / 2) / 100) as lower_bound,
        (o.value + o.rounding / 2)::double / (1 + (o.growth_pct::double - o.growth_rounding / 2) / 100) as upper_bound,
    from known.observation as o
    left join known.observation as y
        on
            o.seen_by = y.seen_by
            and o.indicator = y.indicator
            and o.industry is not distinct from y.industry
            and o.basis = y.basis
            and y.period = period_year_earlier(o.period)
            and y.qualifier = 'exact'
    where
        o.is_own
        and o.price_basis = 'nominal'
        -- a plan grows from the outcome of the year before, not from its plan
        and o.basis <> 'plan'
        and o.value > 0
        and o.growth_pct > -99
        and o.qualifier = 'exact'
)

select
    p.seen_by as submission,
    p.sheet,
    p.source_row,
    'growth_pct' as field,
    p.title_zh as row_key,
    p.year_value + p.year_rounding / 2 >= p.lower_bound and p.year_value - p.year_rounding / 2 <= p.upper_bound as holds,
    p.title_zh,
    p.title_en,
    p.said,
    p.growth_pct as growth_said,
    say(p.lower_bound, p.factor, p.unit_reported) as lowest,
    say(p.upper_bound, p.factor, p.unit_reported) as highest,
    p.year_period,
    p.year_said,
from pair as p;
