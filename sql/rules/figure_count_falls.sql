-- One row is a count of the year to date beside the one of the quarter before.
-- zh: 一行是一个本年累计的计数与上一季度的累计
-- grain: submission, field, row_key
-- code: FIGURE-COUNT-FALLS
-- stage: history
-- severity: quarantine
-- forms: indicator
-- subject: figure
-- source: R-ytd
-- version: 2026.1
-- reads: known.observation
-- title zh: 累计的个数、人数、件数不减少
-- title en: a count of the year to date does not fall
-- message zh: “{title_zh}”本年累计报 {said}，少于{before_period}已报的 {before_said}
-- message en: “{title_en}” is given as {said} for the year to date, fewer than the {before_said} given for {before_period}
-- mend zh: 核对是否报成了当季数；若上一季度有误，先报送上一季度的修订件
-- mend en: check whether it is of the quarter alone; where the quarter before is wrong, send its revision first
select
    o.seen_by as submission,
    o.sheet,
    o.source_row,
    'value' as field,
    o.title_zh as row_key,
    -- a count is exact, unless it is printed in 万
    o.value >= b.value - if(o.factor = 1 and b.factor = 1, 0, (o.rounding + b.rounding) / 2)
    or o.qualifier <> 'exact'
    or b.qualifier <> 'exact' as holds,
    o.title_zh,
    o.title_en,
    o.said,
    b.period as before_period,
    b.said as before_said,
from known.observation as o
left join known.observation as b
    on
        o.seen_by = b.seen_by
        and o.indicator = b.indicator
        and o.industry is not distinct from b.industry
        and o.basis = b.basis
        and b.period = period_previous(o.period)
where o.is_own and o.basis = 'ytd' and o.flow_type = 'flow' and o.is_count and o.value is not null and o.quarter_of_year > 1;
