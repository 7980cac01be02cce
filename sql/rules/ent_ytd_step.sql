-- One row is an enterprise: its years to date beside those of the quarter before plus the quarter.
-- zh: 一行是一家企业：各项本年累计与上季累计加本季
-- grain: submission, field, row_key
-- code: ENT-YTD-STEP
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-ytd, F1
-- version: 2026.2
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
        unnest(each_true(is_output_off, is_revenue_off, is_profit_off, is_tax_off, is_rnd_off, null, 5)) as place,
    from known.enterprise_history as e
)

select
    c.submission, c.sheet, c.source_row,
    register_amount(c.place).stem || '_ytd_cny' as field,
    c.uscc as row_key,
    case
        when c.is_output_off or c.is_revenue_off or c.is_profit_off or c.is_tax_off or c.is_rnd_off then false
        when coalesce(c.is_output_off, c.is_revenue_off, c.is_profit_off, c.is_tax_off, c.is_rnd_off) is not null then true
    end as holds,
    [struct_pack(source_row := c.source_row, field := register_amount(c.place).stem || '_quarter_cny')] as further,
    register_amount(c.place).zh as column_zh,
    register_amount(c.place).en as column_en,
    nth_of(
        c.place, c.output_ytd_cny, c.revenue_ytd_cny, c.profit_ytd_cny, c.tax_ytd_cny, c.rnd_ytd_cny, null
    ) as ytd,
    nth_of(
        c.place, c.before_output_ytd_cny, c.before_revenue_ytd_cny, c.before_profit_ytd_cny, c.before_tax_ytd_cny,
        c.before_rnd_ytd_cny, null
    ) as before,
    nth_of(
        c.place, c.output_quarter_cny, c.revenue_quarter_cny, c.profit_quarter_cny, c.tax_quarter_cny,
        c.rnd_quarter_cny, null
    ) as quarter_amount,
    before + quarter_amount as sum,
    abs(ytd - sum) as difference,
    coalesce(c.before_period || '累计', '年初') as before_zh,
    coalesce('of ' || c.before_period, 'at the start of the year') as before_en,
from compared as c;
