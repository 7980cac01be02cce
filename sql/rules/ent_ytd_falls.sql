-- One row is an enterprise: its years to date beside those of the quarter before.
-- zh: 一行是一家企业：本年累计与上季累计
-- grain: submission, row_key
-- code: ENT-YTD-FALLS
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-ytd
-- version: 2026.1
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
    from known.enterprise_history as e
    where e.quarter_of_year > 1
)

select
    c.submission,
    c.sheet,
    c.source_row,
    case
        when c.is_output_off then 'output_ytd_cny'
        when c.is_revenue_off then 'revenue_ytd_cny'
        else 'rnd_ytd_cny'
    end as field,
    c.uscc as row_key,
    case
        when c.is_output_off or c.is_revenue_off or c.is_rnd_off then false
        when coalesce(c.is_output_off, c.is_revenue_off, c.is_rnd_off) is not null then true
    end as holds,
    case field
        when 'output_ytd_cny' then '总产值'
        when 'revenue_ytd_cny' then '营业收入'
        else '研发费用'
    end as column_zh,
    case field
        when 'output_ytd_cny' then 'output'
        when 'revenue_ytd_cny' then 'revenue'
        else 'R&D'
    end as column_en,
    case field
        when 'output_ytd_cny' then c.output_ytd_cny
        when 'revenue_ytd_cny' then c.revenue_ytd_cny
        else c.rnd_ytd_cny
    end as later,
    case field
        when 'output_ytd_cny' then c.before_output_ytd_cny
        when 'revenue_ytd_cny' then c.before_revenue_ytd_cny
        else c.before_rnd_ytd_cny
    end as earlier,
    c.before_period,
from compared as c;
