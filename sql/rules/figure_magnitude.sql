-- One row is a figure of an indicator form beside its usual size, the median of its own history.
-- zh: 一行是一个指标值与它历史值的中位数
-- grain: submission, field, row_key
-- code: FIGURE-MAGNITUDE
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-unit
-- version: 2026.2
-- reads: known.level_history, ref.rule_parameter
-- title zh: 数值与以往相差不超过十倍
-- title en: a figure is within ten times of its usual size, either way
-- message zh: “{title_zh}”报 {said}，{before_period}报的是 {before_said}；按每季度平均计算，是以往中位数的 {times_said} 倍
-- message en: “{title_en}” is given as {said} and was {before_said} for {before_period}; computed per quarter gone by, it is {times_said} times the median of its own history
-- mend zh: 核对计量单位（元、万元、亿元；人、万人）和小数点；如属实，请说明原因
-- mend en: check the unit (元, 万元, 亿元; 人, 万人) and the decimal point; where it is right, explain
select
    h.submission, h.sheet, h.source_row,
    'value' as field,
    h.title_zh as row_key,
    -- beyond the second bound FIGURE-UNIT-SLIP speaks
    if(
        h.times is null, null,
        h.times between 1 / parameter('magnitude_ask') and parameter('magnitude_ask')
        or h.times not between 1 / parameter('magnitude_hold') and parameter('magnitude_hold')
        or (h.is_count and h.larger < parameter('least_count'))
    ) as holds,
    h.title_zh, h.title_en, h.said, h.before_period, h.before_said,
    round(h.times, if(h.times < 1, 4, 1)) as times_said,
from known.level_history as h;
