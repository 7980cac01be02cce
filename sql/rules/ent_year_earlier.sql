-- One row is an enterprise: the year earlier that it prints beside what it reported then.
-- zh: 一行是一家企业：本表所填的上年同期数与上年所报的数
-- grain: submission, field, row_key
-- code: ENT-YEAR-EARLIER
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-prior
-- version: 2026.2
-- reads: known.enterprise_history
-- title zh: 所填上年同期数与上年已报的数一致
-- title en: the year earlier that is given is what was reported then
-- message zh: {column_zh}上年同期填 {given}，{year_period}报的是 {stored}
-- message en: {column_en} a year earlier is given as {given}, while {stored} was reported for {year_period}
-- mend zh: 以上年已报数为准改正；若上年数已更正（普查、核实、重组），请说明
-- mend en: take the figure reported then; where it was corrected since (census, verification, merger), explain
with compared as (
    select
        e.*,
        abs(e.output_ytd_year_earlier_cny - e.year_output_ytd_cny) > e.unit_cny as is_output_off,
        abs(e.revenue_ytd_year_earlier_cny - e.year_revenue_ytd_cny) > e.unit_cny as is_revenue_off,
        abs(e.profit_ytd_year_earlier_cny - e.year_profit_ytd_cny) > e.unit_cny as is_profit_off,
        abs(e.tax_ytd_year_earlier_cny - e.year_tax_ytd_cny) > e.unit_cny as is_tax_off,
        abs(e.rnd_ytd_year_earlier_cny - e.year_rnd_ytd_cny) > e.unit_cny as is_rnd_off,
        e.employees_year_earlier <> e.year_employees as is_employees_off,
        unnest(each_true(is_output_off, is_revenue_off, is_profit_off, is_tax_off, is_rnd_off, is_employees_off, 6)) as place,
        coalesce(
            is_output_off, is_revenue_off, is_profit_off, is_tax_off, is_rnd_off, is_employees_off
        ) is not null as is_known,
        is_output_off or is_revenue_off or is_profit_off or is_tax_off or is_rnd_off or is_employees_off as is_off,
    from known.enterprise_history as e
)

select
    c.submission, c.sheet, c.source_row,
    register_amount(c.place).stem || if(c.place = 6, '_year_earlier', '_ytd_year_earlier_cny') as field,
    c.uscc as row_key,
    if(c.is_known, not coalesce(c.is_off, false), null) as holds,
    register_amount(c.place).zh as column_zh,
    register_amount(c.place).en as column_en,
    plain(
        nth_of(
            c.place, c.output_ytd_year_earlier_cny, c.revenue_ytd_year_earlier_cny, c.profit_ytd_year_earlier_cny,
            c.tax_ytd_year_earlier_cny, c.rnd_ytd_year_earlier_cny, c.employees_year_earlier
        )
    ) || if(c.place = 6, ' 人', ' 元') as given,
    c.year_period,
    plain(
        nth_of(
            c.place, c.year_output_ytd_cny, c.year_revenue_ytd_cny, c.year_profit_ytd_cny, c.year_tax_ytd_cny,
            c.year_rnd_ytd_cny, c.year_employees
        )
    ) || if(c.place = 6, ' 人', ' 元') as stored,
from compared as c;
