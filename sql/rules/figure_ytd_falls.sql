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
-- reads: known.adjacent_year_to_date
-- title zh: 累计数不下降
-- title en: a year to date does not fall
-- message zh: “{title_zh}”{later_period}累计 {later_said}，少于{earlier_period}累计的 {earlier_said}
-- message en: “{title_en}” is {later_said} for the year to date of {later_period}, less than the {earlier_said} of {earlier_period}
-- mend zh: 核对是否报成了当季数、两个季度的单位是否一致；如因退税、核减等属实，请说明
-- mend en: check whether it is of the quarter alone and both are in the same unit; where it is right (refunds, corrections), explain
-- A revision, or a quarter sent late, is held against the quarter after it as well; a count against the quarter before is
-- FIGURE-COUNT-FALLS, which holds it.
select
    a.seen_by as submission, a.sheet, a.source_row,
    'value' as field,
    a.title_zh as row_key,
    if(a.is_before, a.value - a.other_value, a.other_value - a.value) >= -a.tolerance as holds,
    a.title_zh,
    a.title_en,
    if(a.is_before, a.period, a.other_period) as later_period,
    if(a.is_before, a.said, a.other_said) as later_said,
    if(a.is_before, a.other_period, a.period) as earlier_period,
    if(a.is_before, a.other_said, a.said) as earlier_said,
from known.adjacent_year_to_date as a
where not (a.is_count and a.is_before);
