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
-- reads: known.adjacent_year_to_date
-- title zh: 累计的个数、人数、件数不减少
-- title en: a count of the year to date does not fall
-- message zh: “{title_zh}”本年累计报 {said}，少于{before_period}已报的 {before_said}
-- message en: “{title_en}” is given as {said} for the year to date, fewer than the {before_said} given for {before_period}
-- mend zh: 核对是否报成了当季数；若上一季度有误，先报送上一季度的修订件
-- mend en: check whether it is of the quarter alone; where the quarter before is wrong, send its revision first
select
    a.seen_by as submission, a.sheet, a.source_row,
    'value' as field,
    a.title_zh as row_key,
    a.value >= a.other_value - a.tolerance or a.qualifier <> 'exact' or a.other_qualifier <> 'exact' as holds,
    a.title_zh, a.title_en, a.said,
    a.other_period as before_period,
    a.other_said as before_said,
from known.adjacent_year_to_date as a
where a.is_count and a.is_before;
