-- One row is a zone and quarter with the columns that people chart, one number a column.
-- zh: 一行是一个地区一个季度：常用于作图的各项指标，各占一列
-- grain: zone, period
-- unit: _cny in yuan at current prices, year to date unless it says quarter; _pct in per cent, _pp in percentage points
-- reads: metrics.growth, metrics.sector_growth, metrics.income_gap, staging.gdp_totals, ref.period, ref.zone
-- Nothing is computed here: each column is a column of metrics.growth, sector_growth or income_gap. totals_flag says that the
-- warehouse has a second total of the quarter, by industry, which is another number. Why a cell is empty, metrics.fact says.
create or replace view metrics.dashboard as
with figure as (
    select
        g.zone,
        g.period,
        g.indicator as item,
        g.value::double as value,
        g.growth_reported_pct::double as growth,
        g.has_open_query,
    from metrics.growth as g
    where g.industry is null and g.basis <> 'plan'
    union all by name
    select
        s.zone,
        s.period,
        s.sector as item,
        s.value_ytd_cny::double as value,
        s.growth_ytd_real_pct as growth,
        s.growth_ytd_nominal_pct as nominal,
        s.deflator_ytd_change_pct as deflator,
        s.share_pct as share,
        s.contribution_pp as contribution,
        s.value_quarter_cny::double as value_quarter,
        s.growth_quarter_nominal_pct as quarter_nominal,
        s.growth_quarter_real_derived_pct as quarter_real,
        s.quarter_flag, s.growth_flag, s.has_open_query,
    from metrics.sector_growth as s
    union all by name
    select
        i.zone,
        i.period,
        'income_ratio' as item,
        i.income_ratio as value,
        i.has_open_query,
    from metrics.income_gap as i
    union all by name
    select
        t.zone,
        t.period,
        'by_industry' as item,
        t.gdp_by_industry_cny::double as value,
        t.gdp_difference_cny::double as growth,
        t.totals_differ,
        false as has_open_query,
    from staging.gdp_totals as t
),

wide as (
    select
        f.zone,
        f.period,
        max(f.value) filter (where f.item = 'total') as gdp_cny,
        max(f.growth) filter (where f.item = 'total') as gdp_growth_real_pct,
        max(f.nominal) filter (where f.item = 'total') as gdp_growth_nominal_pct,
        max(f.deflator) filter (where f.item = 'total') as gdp_deflator_change_pct,
        max(f.value_quarter) filter (where f.item = 'total') as gdp_quarter_cny,
        max(f.quarter_nominal) filter (where f.item = 'total') as gdp_quarter_growth_nominal_pct,
        max(f.quarter_real) filter (where f.item = 'total') as gdp_quarter_growth_real_derived_pct,
        max(f.value) filter (where f.item = 'primary') as primary_cny,
        max(f.value) filter (where f.item = 'secondary') as secondary_cny,
        max(f.value) filter (where f.item = 'tertiary') as tertiary_cny,
        max(f.growth) filter (where f.item = 'primary') as primary_growth_pct,
        max(f.growth) filter (where f.item = 'secondary') as secondary_growth_pct,
        max(f.growth) filter (where f.item = 'tertiary') as tertiary_growth_pct,
        max(f.share) filter (where f.item = 'primary') as primary_share_pct,
        max(f.share) filter (where f.item = 'secondary') as secondary_share_pct,
        max(f.share) filter (where f.item = 'tertiary') as tertiary_share_pct,
        max(f.contribution) filter (where f.item = 'primary') as primary_contribution_pp,
        max(f.contribution) filter (where f.item = 'secondary') as secondary_contribution_pp,
        max(f.contribution) filter (where f.item = 'tertiary') as tertiary_contribution_pp,
        max(f.growth) filter (where f.item = 'industry_va') as industry_growth_pct,
        max(f.value) filter (where f.item = 'fixed_asset_investment') as investment_cny,
        max(f.growth) filter (where f.item = 'fixed_asset_investment') as investment_growth_pct,
        max(f.value) filter (where f.item = 'retail_sales') as retail_cny,
        max(f.growth) filter (where f.item = 'retail_sales') as retail_growth_pct,
        max(f.value) filter (where f.item = 'budget_revenue') as budget_revenue_cny,
        max(f.growth) filter (where f.item = 'budget_revenue') as budget_revenue_growth_pct,
        max(f.value) filter (where f.item = 'income_urban') as income_urban_cny,
        max(f.growth) filter (where f.item = 'income_urban') as income_urban_growth_pct,
        max(f.value) filter (where f.item = 'income_rural') as income_rural_cny,
        max(f.growth) filter (where f.item = 'income_rural') as income_rural_growth_pct,
        max(f.value) filter (where f.item = 'income_ratio') as income_ratio,
        max(f.value) filter (where f.item = 'contract_value') as contract_value_cny,
        max(f.value) filter (where f.item = 'funds_in_place') as funds_in_place_cny,
        max(f.value) filter (where f.item = 'jobs_new_urban') as jobs_new_persons,
        max(f.value) filter (where f.item = 'by_industry') as gdp_by_industry_cny,
        max(f.growth) filter (where f.item = 'by_industry') as gdp_difference_cny,
        bool_or(f.totals_differ) as totals_differ,
        max(f.quarter_flag) filter (where f.item = 'total') as quarter_flag,
        max(f.growth_flag) filter (where f.item = 'total') as growth_flag,
        bool_or(f.has_open_query) as has_open_query,
    from figure as f
    group by f.zone, f.period
)

select
    w.zone,
    z.title_zh as zone_title_zh,
    z.title_en as zone_title_en,
    w.period, p.start_on, p.end_on, w.gdp_cny, w.gdp_growth_real_pct, w.gdp_growth_nominal_pct,
    w.gdp_deflator_change_pct, w.gdp_quarter_cny, w.gdp_quarter_growth_nominal_pct,
    w.gdp_quarter_growth_real_derived_pct, w.primary_cny, w.secondary_cny, w.tertiary_cny, w.primary_growth_pct,
    w.secondary_growth_pct, w.tertiary_growth_pct, w.primary_share_pct, w.secondary_share_pct, w.tertiary_share_pct,
    w.primary_contribution_pp, w.secondary_contribution_pp, w.tertiary_contribution_pp, w.industry_growth_pct,
    w.investment_cny, w.investment_growth_pct, w.retail_cny, w.retail_growth_pct, w.budget_revenue_cny,
    w.budget_revenue_growth_pct, w.income_urban_cny, w.income_urban_growth_pct, w.income_rural_cny,
    w.income_rural_growth_pct, w.income_ratio, w.contract_value_cny, w.funds_in_place_cny, w.jobs_new_persons,
    w.gdp_by_industry_cny, w.gdp_difference_cny,
    if(w.totals_differ, 'two totals: by industry it is another number', null) as totals_flag,
    w.quarter_flag, w.growth_flag, w.has_open_query,
from wide as w
left join ref.period as p on w.period = p.period
left join ref.zone as z on w.zone = z.zone;
