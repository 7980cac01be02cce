-- One row is an enterprise: its revenue beside its own of a year earlier, among the enterprises of the register.
-- zh: 一行是一家企业：营业收入与自己上年同期之比，与登记表中其他企业的比值相比较
-- grain: submission, row_key
-- code: ENT-OUTLIER
-- stage: history
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R-hb
-- version: 2026.1
-- reads: known.enterprise_history, ref.rule_parameter
-- title zh: 营业收入与自己以往之比不是离群值
-- title en: the change of revenue over the enterprise's own history is not an outlier
-- message zh: 营业收入本年累计 {later_said} 元，是{base_period}（{earlier_said} 元）的 {ratio_said} 倍，{compared_zh}
-- message en: revenue is CNY {later_said} for the year to date, {ratio_said} times that of {base_period} (CNY {earlier_said}); {compared_en}
-- mend zh: 核对数值和单位（千元、万元）；如因投产、停产、重组等属实，请说明
-- mend en: check the figure and its unit (千元, 万元); where it is right (opening, stop, merger), explain
-- Hidiroglou and Berthelot, as in FIGURE-OUTLIER, with the wider bounds that single enterprises need. A year earlier goes before the quarter before; the two are not mixed.
with unit as (
    select
        e.submission, e.sheet, e.source_row, e.uscc,
        e.revenue_ytd_cny as later,
        if(e.year_revenue_ytd_cny > 0, e.year_revenue_ytd_cny, e.before_revenue_ytd_cny) as earlier,
        if(e.year_revenue_ytd_cny > 0, e.year_period, e.before_period) as base_period,
    from known.enterprise_history as e
),

ratio as (
    select
        u.*,
        u.later::double / u.earlier::double as r,
    from unit as u
    where u.later > 0 and u.earlier > 0
),

middle as (
    select
        r.submission,
        r.base_period,
        median(r.r) as middle,
        count(*) as units,
    from ratio as r
    group by r.submission, r.base_period
),

effect as (
    select
        r.submission, r.source_row, r.sheet, r.base_period, r.r, m.middle, m.units,
        if(r.r < m.middle, 1 - m.middle / r.r, r.r / m.middle - 1)
        * pow(greatest(r.later, r.earlier)::double, parameter('hb_u')) as e,
    from ratio as r
    inner join middle as m on r.submission = m.submission and r.base_period = m.base_period
),

bound as (
    select
        e.submission,
        e.base_period,
        quantile_cont(e.e, 0.25) as q1,
        median(e.e) as centre,
        quantile_cont(e.e, 0.75) as q3,
    from effect as e
    group by e.submission, e.base_period
)

select
    u.submission, u.sheet, u.source_row,
    'revenue_ytd_cny' as field,
    u.uscc as row_key,
    if(
        e.units >= parameter('hb_least_units'),
        -- near what the others do it is no outlier, however alike they are
        e.r / e.middle between 1 / (1 + parameter('change_ask_pct') / 100) and 1 + parameter('change_ask_pct') / 100
        or within_hb_bounds(e.e, b.centre, b.q1, b.q3, parameter('hb_c_enterprise')),
        abs(e.r - 1) * 100 <= parameter('change_ask_pct')
    ) as holds,
    u.later as later_said,
    u.base_period,
    u.earlier as earlier_said,
    round(e.r, 2) as ratio_said,
    ratio_compared(e.units, '家企业', 'enterprises', e.middle).zh as compared_zh,
    ratio_compared(e.units, '家企业', 'enterprises', e.middle).en as compared_en,
from unit as u
left join effect as e
    on u.submission = e.submission and u.sheet is not distinct from e.sheet and u.source_row = e.source_row
left join bound as b on e.submission = b.submission and e.base_period = b.base_period;
