-- One row is a nominal growth rate beside the level a year earlier, as it was reported then and as the growth implies it.
-- zh: 一行是一个现价增速、上年同期已报的数和由增速推算的上年同期数
-- grain: submission, field, row_key
-- code: FIGURE-LEVEL-GROWTH
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-prior, F5
-- version: 2026.4
-- reads: known.year_earlier
-- title zh: 数值、增速与上年同期已报的数相符
-- title en: level and growth agree with the level reported a year earlier
-- message zh: “{title_zh}”报 {said}、同比 {growth_said}%，由此推算的上年同期数为 {lowest} 至 {highest}，而{year_period}报的是 {year_said}
-- message en: “{title_en}” is {said}, growth {growth_said} %, from which a year earlier computes to {lowest} to {highest}, while {year_said} was reported for {year_period}
-- mend zh: 核对数值、增速和上年同期数，三者必有一误；如上年数已修订或口径、基数有调整，请说明
-- mend en: check level, growth and the year before, one of the three is off; where last year was revised or the base adjusted, say so
with pair as (
    -- both cells are in question, level and growth
    select
        unnest(['value', 'growth_pct']) as field,
        y.* replace (if(y.year_qualifier = 'exact', y.year_value, null) as year_value),
        -- F5: every printed digit at the edge of its rounding
        implied_base(y.value - y.rounding / 2, y.growth_pct::double + y.growth_rounding / 2) as lower_bound,
        implied_base(y.value + y.rounding / 2, y.growth_pct::double - y.growth_rounding / 2) as upper_bound,
    from known.year_earlier as y
    where
        y.price_basis = 'nominal'
        -- growth over the same enterprises or a revised base does not follow from printed levels (R2)
        and y.growth_scope is null
        -- a plan grows from the outcome of the year before, not from its plan
        and y.basis <> 'plan'
        and y.value > 0
        and y.growth_pct > -99
        and y.qualifier = 'exact'
)

select
    p.seen_by as submission,
    p.sheet, p.source_row, p.field,
    p.title_zh as row_key,
    p.year_value + p.year_rounding / 2 >= p.lower_bound and p.year_value - p.year_rounding / 2 <= p.upper_bound as holds,
    p.title_zh, p.title_en, p.said,
    p.growth_pct as growth_said,
    say(p.lower_bound, p.factor, p.unit_reported) as lowest,
    say(p.upper_bound, p.factor, p.unit_reported) as highest,
    p.year_period,
    p.year_said,
from pair as p;
