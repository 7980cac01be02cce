-- One row is a figure of an indicator form beside its usual size, for a slip between 万 and 亿.
-- zh: 一行是一个指标值与它历史值的中位数，看是否把万、亿写错
-- grain: submission, field, row_key
-- code: FIGURE-UNIT-SLIP
-- stage: history
-- severity: quarantine
-- forms: indicator
-- subject: figure
-- source: R-unit
-- version: 2026.2
-- reads: known.level_history, ref.rule_parameter
-- title zh: 数值与以往相差不超过一千倍
-- title en: a figure is within a thousand times of its usual size, either way
-- message zh: “{title_zh}”报 {said}，{before_period}报的是 {before_said}，按每季度平均相差一千倍以上，多半是万、亿之误
-- message en: “{title_en}” is given as {said} and was {before_said} for {before_period}: per quarter gone by more than a thousand times apart, most likely 万 for 亿
-- mend zh: 改正计量单位或数值，重新报送；若以往的数有误，先报送那个季度的修订件
-- mend en: correct the unit or the figure and send it again; where the earlier figures are wrong, send their revision first
select
    h.submission, h.sheet, h.source_row,
    'value' as field,
    h.title_zh as row_key,
    h.times between 1 / parameter('magnitude_hold') and parameter('magnitude_hold') as holds,
    h.title_zh, h.title_en, h.said, h.before_period, h.before_said,
from known.level_history as h;
