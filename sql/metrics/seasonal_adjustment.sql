-- One row is a quarter alone of a zone's indicator, unadjusted and, where five years of quarters exist, seasonally adjusted.
-- zh: 一行是一个指标的当季数：未季调，以及有五年以上数据时的季节调整值和环比
-- grain: zone, indicator, industry, basis, price_basis, period
-- unit: values in the base unit of column unit (at constant prices: of the chain's base year), _pct in per cent
-- reads: metrics.discrete_quarter, staging.seasonally_adjusted, ref.indicator
-- F3, F15, F21 of docs/methodology.md#seasonal.
create or replace view metrics.seasonal_adjustment as
with unadjusted as (
    select
        d.* replace (
            'nominal' as price_basis,
            d.value_quarter::double as value_quarter,
            d.value_quarter_before::double as value_quarter_before
        ),
    from metrics.discrete_quarter as d
    where d.flow_type = 'flow' and d.basis in ('ytd', 'quarter')
    union all by name
    -- a quarter at constant prices is worth a row only where it is adjusted
    select
        a.zone,
        a.indicator,
        a.industry,
        a.basis,
        a.price_basis,
        a.period,
        i.unit,
        a.value_quarter,
        a.value_quarter_before,
        a.has_open_query,
    from staging.seasonally_adjusted as a
    inner join ref.indicator as i on a.indicator = i.indicator
    where a.price_basis = 'constant_price'
)

select
    u.zone,
    u.indicator,
    u.industry,
    u.basis,
    u.price_basis,
    u.period,
    u.unit,
    u.value_quarter,
    growth_pct(u.value_quarter, u.value_quarter_before) as growth_qoq_pct,
    a.value_adjusted,
    growth_pct(a.value_adjusted, a.value_adjusted_before) as growth_qoq_adjusted_pct,
    annualised_pct(growth_pct(a.value_adjusted, a.value_adjusted_before)) as growth_qoq_adjusted_annualised_pct,
    a.value_trend,
    a.seasonal_factor_ratio,
    a.method,
    a.method_version,
    a.transform,
    a.seasonal_window,
    a.is_robust,
    a.quarters,
    a.first_period,
    a.last_period,
    if(a.period is null, '未季调', '季节调整') as adjustment_zh,
    if(a.period is null, 'not seasonally adjusted', 'seasonally adjusted') as adjustment_en,
    case
        when u.quarter_reason is not null then u.quarter_reason
        when a.period is null then 'fewer than five years of quarters without a gap'
    end as adjustment_reason,
    u.quarter_flag,
    a.period is not null as is_seasonally_adjusted,
    -- adjusting takes the whole series
    coalesce(u.has_open_query, false)
    or coalesce(u.quarter_before_has_open_query, false)
    or coalesce(a.has_open_query, false) as has_open_query,
from unadjusted as u
left join staging.seasonally_adjusted as a
    on
        u.zone = a.zone
        and same_series(u.indicator, u.industry, u.basis, a.indicator, a.industry, a.basis)
        and u.price_basis = a.price_basis
        and u.period = a.period;
