-- One row is an enterprise: its years to date beside those of the quarter before.
-- zh: 一行是一家企业：本年累计与上季累计
-- grain: submission, field, row_key
-- code: ENT-YTD-FALLS
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-ytd
-- version: 2026.2
-- reads: known.enterprise_history
-- title zh: 总产值、营业收入、研发费用的累计不下降
-- title en: output, revenue and R&D expenses of the year to date do not fall
-- message zh: {column_zh}本年累计 {later} 元，少于{before_period}累计的 {earlier} 元
-- message en: {column_en} is CNY {later} for the year to date, less than the CNY {earlier} of {before_period}
-- mend zh: 核对是否报成了当季数；如因退货、核减等属实，请说明
-- mend en: check whether it is of the quarter alone; where it is right (returns, corrections), explain
with compared as (
    select
        e.*,
        e.output_ytd_cny < e.before_output_ytd_cny as is_output_off,
        e.revenue_ytd_cny < e.before_revenue_ytd_cny as is_revenue_off,
        e.rnd_ytd_cny < e.before_rnd_ytd_cny as is_rnd_off,
        unnest(each_true(is_output_off, is_revenue_off, null, null, is_rnd_off, null, 5)) as place,
    from known.enterprise_history as e
    where e.quarter_of_year > 1
)

select
    c.submission, c.sheet, c.source_row,
    register_amount(c.place).stem || '_ytd_cny' as field,
    c.uscc as row_key,
    case
        when c.is_output_off or c.is_revenue_off or c.is_rnd_off then false
        when coalesce(c.is_output_off, c.is_revenue_off, c.is_rnd_off) is not null then true
    end as holds,
    register_amount(c.place).zh as column_zh,
    register_amount(c.place).en as column_en,
    nth_of(c.place, c.output_ytd_cny, c.revenue_ytd_cny, null, null, c.rnd_ytd_cny, null) as later,
    nth_of(c.place, c.before_output_ytd_cny, c.before_revenue_ytd_cny, null, null, c.before_rnd_ytd_cny, null) as earlier,
    c.before_period,
from compared as c;
