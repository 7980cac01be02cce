-- One row is a figure of the year to date beside the one of a neighbouring quarter of the year.
-- zh: 一行是一个本年累计数与同年相邻季度的累计数
-- grain: submission, field, row_key, later_period
-- code: FIGURE-YTD-FALLS
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-ytd
-- version: 2026.1
-- reads: known.observation
-- title zh: 累计数不下降
-- title en: a year to date does not fall
-- message zh: “{title_zh}”{later_period}累计 {later_said}，少于{earlier_period}累计的 {earlier_said}
-- message en: “{title_en}” is {later_said} for the year to date of {later_period}, less than the {earlier_said} of {earlier_period}
-- mend zh: 核对是否报成了当季数、两个季度的单位是否一致；如因退税、核减等属实，请说明
-- mend en: check whether it is of the quarter alone and both are in the same unit; where it is right (refunds, corrections), explain
with neighbour as (
    select
        o.seen_by,
        o.indicator,
        o.sheet,
        o.source_row,
        o.title_zh,
        o.title_en,
        o.is_count,
        o.value - b.value as step,
        if(o.is_count and o.factor = 1 and b.factor = 1, 0, (o.rounding + b.rounding) / 2) as tolerance,
        o.period as later_period,
        o.said as later_said,
        b.period as earlier_period,
        b.said as earlier_said,
        true as is_before,
    from known.observation as o
    left join known.observation as b
        on
            o.seen_by = b.seen_by
            and o.indicator = b.indicator
            and o.industry is not distinct from b.industry
            and o.basis = b.basis
            and b.period = period_previous(o.period)
    where o.is_own and o.basis = 'ytd' and o.flow_type = 'flow' and o.value is not null and o.quarter_of_year > 1
    union all by name
    -- a revision, or a quarter sent late, is held against the quarter after it as well
    select
        o.seen_by,
        o.indicator,
        o.sheet,
        o.source_row,
        o.title_zh,
        o.title_en,
        o.is_count,
        n.value - o.value as step,
        if(o.is_count and o.factor = 1 and n.factor = 1, 0, (o.rounding + n.rounding) / 2) as tolerance,
        n.period as later_period,
        n.said as later_said,
        o.period as earlier_period,
        o.said as earlier_said,
        false as is_before,
    from known.observation as o
    inner join known.observation as n
        on
            o.seen_by = n.seen_by
            and o.indicator = n.indicator
            and o.industry is not distinct from n.industry
            and o.basis = n.basis
            and o.period = period_previous(n.period)
    where o.is_own and o.basis = 'ytd' and o.flow_type = 'flow' and o.value is not null
)

select
    n.seen_by as submission,
    n.sheet,
    n.source_row,
    'value' as field,
    n.title_zh as row_key,
    -- a count against the quarter before is FIGURE-COUNT-FALLS, which holds it
    n.step >= -n.tolerance as holds,
    n.title_zh,
    n.title_en,
    n.later_period,
    n.later_said,
    n.earlier_period,
    n.earlier_said,
from neighbour as n
where not (n.is_count and n.is_before);
