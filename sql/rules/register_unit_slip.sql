-- One row is an amount column of the enterprise register, for a whole column in another unit.
-- zh: 一行是企业登记表的一个金额栏，本季中位数与以往季度的中位数
-- grain: submission, field
-- code: REGISTER-UNIT-SLIP
-- stage: history
-- severity: reject
-- forms: enterprise_quarter
-- subject: figure
-- source: R-unit
-- version: 2026.1
-- reads: known.register_level, ref.rule_parameter
-- title zh: 金额栏的计量单位与以往一致
-- title en: an amount column is in the unit of earlier quarters
-- message zh: “{column_zh}”的中位数是{before_period}的 {times_said} 倍（都折算为每季度），全栏的计量单位有误
-- message en: the median of “{column_en}” is {times_said} times that of {before_period} (both per quarter): the whole column is in another unit
-- mend zh: 改正表头的计量单位（元、千元、万元）或全栏数值，重新报送
-- mend en: correct the unit in the heading (元, 千元, 万元) or the figures of the column, and send the file again
select
    l.submission, l.sheet,
    null::integer as source_row,
    l.field,
    null::varchar as row_key,
    l.times between 1 / parameter('register_magnitude_reject') and parameter('register_magnitude_reject') as holds,
    l.column_zh, l.column_en, l.before_period,
    round(l.times, if(l.times < 1, 4, 1)) as times_said,
from known.register_level as l;
