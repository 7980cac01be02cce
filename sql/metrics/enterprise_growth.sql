-- One row is a variable of an industry's enterprises beside a year earlier: all of them, and the same ones (同口径).
-- zh: 一行是一个行业企业的一个变量与上年同期之比：全部企业，以及两期都在的企业（同口径）
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons; _pct in per cent
-- reads: metrics.enterprise_cell, metrics.enterprise_matched
-- growth_as_reported_pct compares what the enterprises of this register themselves give for both years (R2).
create or replace view metrics.enterprise_growth as
with cell as (
    select
        c.*,
        -- whether a whole section lies in one sector or in several may change from year to year: it is one cell all the same
        if(c.level = 'section', 'section', c.sector) as cell_sector,
    from metrics.enterprise_cell as c
    where c.variable in ('output_ytd_cny', 'revenue_ytd_cny', 'profit_ytd_cny', 'tax_ytd_cny', 'rnd_ytd_cny', 'employees')
),

matched as (
    select
        m.*,
        if(m.level = 'section', 'section', m.sector) as cell_sector,
    from metrics.enterprise_matched as m
),

register as (
    select distinct
        c.zone,
        c.period,
    from cell as c
)

select
    c.zone,
    c.period,
    c.level,
    c.industry,
    c.sector,
    c.variable,
    c.value::decimal(28, 2) as value,
    y.value::decimal(28, 2) as value_year_earlier,
    growth_pct(c.value, y.value) as growth_pct,
    m.value::decimal(28, 2) as value_like_for_like,
    m.base::decimal(28, 2) as base_like_for_like,
    growth_pct(m.value, m.base) as growth_like_for_like_pct,
    growth_pct(c.paired_value, c.paired_year_earlier) as growth_as_reported_pct,
    c.contributors as enterprises,
    y.contributors as enterprises_year_earlier,
    coalesce(m.contributors, 0) as enterprises_in_both,
    coalesce(m.enterprises_moved, 0) as enterprises_moved,
    m.moved as like_for_like_note,
    case when r.zone is null then 'no register a year earlier' else why_no_growth(c.value, y.value) end as growth_reason,
    case when r.zone is null then 'no register a year earlier' else why_no_growth(m.value, m.base) end
        as growth_like_for_like_reason,
    why_no_growth(c.paired_value, c.paired_year_earlier) as growth_as_reported_reason,
from cell as c
left join register as r on c.zone = r.zone and r.period = period_year_earlier(c.period)
left join cell as y
    on
        c.zone = y.zone
        and c.level = y.level
        and c.industry = y.industry
        and c.cell_sector = y.cell_sector
        and c.variable = y.variable
        and y.period = period_year_earlier(c.period)
left join matched as m
    on
        c.zone = m.zone
        and c.period = m.period
        and c.level = m.level
        and c.industry = m.industry
        and c.cell_sector = m.cell_sector
        and c.variable = m.variable;
