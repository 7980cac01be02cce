-- One row is the enterprises of a zone in a quarter, in all or in one sector, section or division of industry.
-- zh: 一行是一个地区一个季度的全部企业，或一个产业、门类、大类的企业：产值、收入、利润、税金、研发、人员
-- grain: zone, period, level, industry, sector
-- unit: _cny in yuan, _pct in per cent; enterprises and persons in number
-- reads: staging.enterprise_cell, staging.current_submission, ref.industry, ref.sector
-- A ratio has the same enterprises above and below its line. Persons are those at the end of the quarter, and revenue a
-- head is of the year to date, not of a full year.
create or replace view metrics.enterprise_industry as
with cell as (
    select
        c.zone, c.period, c.level, c.industry, c.sector,
        max(c.value) filter (where c.variable = 'enterprises') as enterprises,
        max(c.value) filter (where c.variable = 'output_ytd_cny') as output_ytd_cny,
        max(c.value) filter (where c.variable = 'output_quarter_cny') as output_quarter_cny,
        max(c.value) filter (where c.variable = 'revenue_ytd_cny') as revenue_ytd_cny,
        max(c.value) filter (where c.variable = 'revenue_quarter_cny') as revenue_quarter_cny,
        max(c.value) filter (where c.variable = 'profit_ytd_cny') as profit_ytd_cny,
        max(c.value) filter (where c.variable = 'profit_quarter_cny') as profit_quarter_cny,
        max(c.value) filter (where c.variable = 'tax_ytd_cny') as tax_ytd_cny,
        max(c.value) filter (where c.variable = 'tax_quarter_cny') as tax_quarter_cny,
        max(c.value) filter (where c.variable = 'rnd_ytd_cny') as rnd_ytd_cny,
        max(c.value) filter (where c.variable = 'rnd_quarter_cny') as rnd_quarter_cny,
        max(c.value) filter (where c.variable = 'employees') as employees,
        max(c.value) filter (where c.variable = 'profit_of_revenue') as profit_of_revenue,
        max(c.value) filter (where c.variable = 'revenue_of_profit') as revenue_of_profit,
        max(c.value) filter (where c.variable = 'tax_of_revenue') as tax_of_revenue,
        max(c.value) filter (where c.variable = 'revenue_of_tax') as revenue_of_tax,
        max(c.value) filter (where c.variable = 'rnd_of_revenue') as rnd_of_revenue,
        max(c.value) filter (where c.variable = 'revenue_of_rnd') as revenue_of_rnd,
        max(c.value) filter (where c.variable = 'revenue_of_employees') as revenue_of_employees,
        max(c.value) filter (where c.variable = 'employees_of_revenue') as employees_of_revenue,
        max(c.contributors) filter (where c.variable = 'enterprises') as enterprises_contributors,
        max(c.contributors) filter (where c.variable = 'output_ytd_cny') as output_ytd_contributors,
        max(c.contributors) filter (where c.variable = 'output_quarter_cny') as output_quarter_contributors,
        max(c.contributors) filter (where c.variable = 'revenue_ytd_cny') as revenue_ytd_contributors,
        max(c.contributors) filter (where c.variable = 'profit_ytd_cny') as profit_ytd_contributors,
        max(c.contributors) filter (where c.variable = 'tax_ytd_cny') as tax_ytd_contributors,
        max(c.contributors) filter (where c.variable = 'rnd_ytd_cny') as rnd_ytd_contributors,
        max(c.contributors) filter (where c.variable = 'employees') as employees_contributors,
        bool_or(c.has_open_query) as has_open_query,
    from staging.enterprise_cell as c
    where c.is_current
    group by c.zone, c.period, c.level, c.industry, c.sector
)

select
    c.zone, c.period, c.level, c.industry, c.sector,
    coalesce(s.title_zh, i.title_zh, '未分类') as title_zh,
    coalesce(s.title_en, i.title_en, 'Not classified') as title_en,
    c.enterprises::bigint as enterprises,
    c.output_ytd_cny::decimal(28, 2) as output_ytd_cny,
    c.output_quarter_cny::decimal(28, 2) as output_quarter_cny,
    c.revenue_ytd_cny::decimal(28, 2) as revenue_ytd_cny,
    c.revenue_quarter_cny::decimal(28, 2) as revenue_quarter_cny,
    c.profit_ytd_cny::decimal(28, 2) as profit_ytd_cny,
    c.profit_quarter_cny::decimal(28, 2) as profit_quarter_cny,
    c.tax_ytd_cny::decimal(28, 2) as tax_ytd_cny,
    c.tax_quarter_cny::decimal(28, 2) as tax_quarter_cny,
    c.rnd_ytd_cny::decimal(28, 2) as rnd_ytd_cny,
    c.rnd_quarter_cny::decimal(28, 2) as rnd_quarter_cny,
    c.employees::bigint as employees,
    percent_of(c.profit_of_revenue, c.revenue_of_profit) as profit_margin_pct,
    percent_of(c.tax_of_revenue, c.revenue_of_tax) as tax_burden_pct,
    percent_of(c.rnd_of_revenue, c.revenue_of_rnd) as rnd_intensity_pct,
    c.revenue_of_employees::double / nullif(c.employees_of_revenue, 0)::double as revenue_per_head_cny,
    -- the least share of the enterprises that a figure year to date rests on
    100.0 * least(
        c.output_ytd_contributors, c.revenue_ytd_contributors, c.profit_ytd_contributors,
        c.tax_ytd_contributors, c.rnd_ytd_contributors, c.employees_contributors
    ) / c.enterprises_contributors as item_coverage_pct,
    100.0 * r.rows_accepted / nullif(r.rows_read, 0) as row_coverage_pct,
    case
        when c.output_quarter_contributors < c.output_ytd_contributors
            then 'not every enterprise gives the quarter'
    end as quarter_reason,
    case when coalesce(c.revenue_of_profit, 0) = 0 then 'no revenue with profit' end as profit_margin_reason,
    case when coalesce(c.revenue_of_tax, 0) = 0 then 'no revenue with tax' end as tax_burden_reason,
    case when coalesce(c.revenue_of_rnd, 0) = 0 then 'no revenue with R&D' end as rnd_intensity_reason,
    case when coalesce(c.employees_of_revenue, 0) = 0 then 'no employees with revenue' end as revenue_per_head_reason,
    c.has_open_query,
from cell as c
left join staging.current_submission as r on c.zone = r.zone and c.period = r.period and r.form = 'enterprise_quarter'
left join ref.industry as i on c.industry = i.code
left join ref.sector as s on c.industry = s.sector;
