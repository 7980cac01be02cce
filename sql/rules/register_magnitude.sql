-- One row is an amount column of the enterprise register: its median beside that of an earlier quarter.
-- zh: 一行是企业登记表的一个金额栏，本季中位数与以往季度的中位数
-- grain: submission, field
-- code: REGISTER-MAGNITUDE
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: figure
-- source: R-unit
-- version: 2026.1
-- reads: known.register_level, ref.rule_parameter
-- title zh: 金额栏的中位数与以往相差不大
-- title en: the median of an amount column is near that of earlier quarters
-- message zh: “{column_zh}”的中位数是{before_period}的 {times_said} 倍（都折算为每季度），全栏单位可能有误
-- message en: the median of “{column_en}” is {times_said} times that of {before_period} (both per quarter): the whole column may be in another unit
-- mend zh: 核对表头的计量单位（元、千元、万元）；如属实，请说明
-- mend en: check the unit in the heading (元, 千元, 万元); where it is right, explain
select
    l.submission, l.sheet,
    null::integer as source_row,
    l.field,
    null::varchar as row_key,
    l.times between 1 / parameter('register_magnitude_ask') and parameter('register_magnitude_ask')
    or l.times not between 1 / parameter('register_magnitude_reject') and parameter('register_magnitude_reject') as holds,
    l.column_zh, l.column_en, l.before_period,
    round(l.times, if(l.times < 1, 4, 1)) as times_said,
from known.register_level as l;
