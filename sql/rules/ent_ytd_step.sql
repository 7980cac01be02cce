-- One row is an enterprise: its years to date beside those of the quarter before plus the quarter.
-- zh: 一行是一家企业：各项本年累计与上季累计加本季
-- grain: submission, row_key
-- code: ENT-YTD-STEP
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-ytd, F1
-- version: 2026.1
-- reads: known.enterprise_history
-- title zh: 本年累计等于上季累计加本季
-- title en: the year to date is that of the quarter before plus the quarter
-- message zh: {column_zh}本年累计 {ytd} 元，{before_zh} {before} 元加本季 {quarter_amount} 元为 {sum} 元，相差 {difference} 元
-- message en: {column_en} is CNY {ytd} for the year to date; CNY {before} {before_en} plus CNY {quarter_amount} of the quarter is CNY {sum}, CNY {difference} apart
-- mend zh: 核对本季和累计两栏；若上季数已更正，请说明并报送上季修订件
-- mend en: check the quarter and the year to date; where the quarter before was wrong, say so and send its revision
-- F10: three figures, each within half a unit of the sheet.
with compared as (
    select
        e.*,
        abs(e.output_ytd_cny - e.before_output_ytd_cny - e.output_quarter_cny) > e.unit_cny * 1.5 as is_output_off,
        abs(e.revenue_ytd_cny - e.before_revenue_ytd_cny - e.revenue_quarter_cny) > e.unit_cny * 1.5 as is_revenue_off,
        abs(e.profit_ytd_cny - e.before_profit_ytd_cny - e.profit_quarter_cny) > e.unit_cny * 1.5 as is_profit_off,
        abs(e.tax_ytd_cny - e.before_tax_ytd_cny - e.tax_quarter_cny) > e.unit_cny * 1.5 as is_tax_off,
        abs(e.rnd_ytd_cny - e.before_rnd_ytd_cny - e.rnd_quarter_cny) > e.unit_cny * 1.5 as is_rnd_off,
    from known.enterprise_history as e
)

select
    c.submission,
    c.sheet,
    c.source_row,
    case
        when c.is_output_off then 'output_ytd_cny'
        when c.is_revenue_off then 'revenue_ytd_cny'
        when c.is_profit_off then 'profit_ytd_cny'
        when c.is_tax_off then 'tax_ytd_cny'
        else 'rnd_ytd_cny'
    end as field,
    c.uscc as row_key,
    case
        when c.is_output_off or c.is_revenue_off or c.is_profit_off or c.is_tax_off or c.is_rnd_off then false
        when coalesce(c.is_output_off, c.is_revenue_off, c.is_profit_off, c.is_tax_off, c.is_rnd_off) is not null then true
    end as holds,
    case field
        when 'output_ytd_cny' then '总产值'
        when 'revenue_ytd_cny' then '营业收入'
        when 'profit_ytd_cny' then '利润总额'
        when 'tax_ytd_cny' then '税金总额'
        else '研发费用'
    end as column_zh,
    case field
        when 'output_ytd_cny' then 'output'
        when 'revenue_ytd_cny' then 'revenue'
        when 'profit_ytd_cny' then 'profit'
        when 'tax_ytd_cny' then 'tax'
        else 'R&D'
    end as column_en,
    case field
        when 'output_ytd_cny' then c.output_ytd_cny
        when 'revenue_ytd_cny' then c.revenue_ytd_cny
        when 'profit_ytd_cny' then c.profit_ytd_cny
        when 'tax_ytd_cny' then c.tax_ytd_cny
        else c.rnd_ytd_cny
    end as ytd,
    case field
        when 'output_ytd_cny' then c.before_output_ytd_cny
        when 'revenue_ytd_cny' then c.before_revenue_ytd_cny
        when 'profit_ytd_cny' then c.before_profit_ytd_cny
        when 'tax_ytd_cny' then c.before_tax_ytd_cny
        else c.before_rnd_ytd_cny
    end as before,
    case field
        when 'output_ytd_cny' then c.output_quarter_cny
        when 'revenue_ytd_cny' then c.revenue_quarter_cny
        when 'profit_ytd_cny' then c.profit_quarter_cny
        when 'tax_ytd_cny' then c.tax_quarter_cny
        else c.rnd_quarter_cny
    end as quarter_amount,
    before + quarter_amount as sum,
    abs(ytd - sum) as difference,
    coalesce(c.before_period || '累计', '年初') as before_zh,
    coalesce('of ' || c.before_period, 'at the start of the year') as before_en,
from compared as c;
