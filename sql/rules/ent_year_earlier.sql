-- One row is an enterprise: the year earlier that it prints beside what it reported then.
-- zh: 一行是一家企业：本表所填的上年同期数与上年所报的数
-- grain: submission, row_key
-- code: ENT-YEAR-EARLIER
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-prior
-- version: 2026.1
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
    from known.enterprise_history as e
)

select
    c.submission,
    c.sheet,
    c.source_row,
    case
        when c.is_output_off then 'output_ytd_year_earlier_cny'
        when c.is_revenue_off then 'revenue_ytd_year_earlier_cny'
        when c.is_profit_off then 'profit_ytd_year_earlier_cny'
        when c.is_tax_off then 'tax_ytd_year_earlier_cny'
        when c.is_rnd_off then 'rnd_ytd_year_earlier_cny'
        else 'employees_year_earlier'
    end as field,
    c.uscc as row_key,
    case
        when
            c.is_output_off or c.is_revenue_off or c.is_profit_off or c.is_tax_off or c.is_rnd_off or c.is_employees_off
            then false
        when
            coalesce(
                c.is_output_off, c.is_revenue_off, c.is_profit_off, c.is_tax_off, c.is_rnd_off, c.is_employees_off
            ) is not null
            then true
    end as holds,
    case field
        when 'output_ytd_year_earlier_cny' then '总产值'
        when 'revenue_ytd_year_earlier_cny' then '营业收入'
        when 'profit_ytd_year_earlier_cny' then '利润总额'
        when 'tax_ytd_year_earlier_cny' then '税金总额'
        when 'rnd_ytd_year_earlier_cny' then '研发费用'
        else '从业人员'
    end as column_zh,
    case field
        when 'output_ytd_year_earlier_cny' then 'output'
        when 'revenue_ytd_year_earlier_cny' then 'revenue'
        when 'profit_ytd_year_earlier_cny' then 'profit'
        when 'tax_ytd_year_earlier_cny' then 'tax'
        when 'rnd_ytd_year_earlier_cny' then 'R&D'
        else 'employment'
    end as column_en,
    case field
        when 'output_ytd_year_earlier_cny' then plain(c.output_ytd_year_earlier_cny) || ' 元'
        when 'revenue_ytd_year_earlier_cny' then plain(c.revenue_ytd_year_earlier_cny) || ' 元'
        when 'profit_ytd_year_earlier_cny' then plain(c.profit_ytd_year_earlier_cny) || ' 元'
        when 'tax_ytd_year_earlier_cny' then plain(c.tax_ytd_year_earlier_cny) || ' 元'
        when 'rnd_ytd_year_earlier_cny' then plain(c.rnd_ytd_year_earlier_cny) || ' 元'
        else plain(c.employees_year_earlier) || ' 人'
    end as given,
    c.year_period,
    case field
        when 'output_ytd_year_earlier_cny' then plain(c.year_output_ytd_cny) || ' 元'
        when 'revenue_ytd_year_earlier_cny' then plain(c.year_revenue_ytd_cny) || ' 元'
        when 'profit_ytd_year_earlier_cny' then plain(c.year_profit_ytd_cny) || ' 元'
        when 'tax_ytd_year_earlier_cny' then plain(c.year_tax_ytd_cny) || ' 元'
        when 'rnd_ytd_year_earlier_cny' then plain(c.year_rnd_ytd_cny) || ' 元'
        else plain(c.year_employees) || ' 人'
    end as stored,
from compared as c;
