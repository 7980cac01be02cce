-- One row is an indicator of a zone in a quarter beside the nation's.
-- zh: 一行是一个地区一个季度的一个指标与全国的对照
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: staging.observation
-- Growth is compared as reported; an indicator is reported at the same prices everywhere. The difference is in points.
create or replace view metrics.zone_vs_nation as
with nation as (
    select
        o.period, o.indicator, o.industry, o.basis, o.value, o.growth_reported_pct, o.has_open_query,
    from staging.observation as o
    where o.zone = nation()
)

select
    o.zone, o.period, o.indicator, o.industry, o.basis, o.title_zh, o.title_en, o.unit, o.value,
    n.value as value_nation,
    case when o.flow_type <> 'rate' then percent_of(o.value, n.value) end as share_of_nation_pct,
    o.price_basis,
    o.growth_reported_pct,
    n.growth_reported_pct as growth_nation_pct,
    (o.growth_reported_pct - n.growth_reported_pct)::double as growth_difference_pp,
    case
        when n.period is null then 'the nation is not reported'
        when o.growth_reported_pct is null then 'no growth reported'
        when n.growth_reported_pct is null then 'the nation''s growth is not reported'
    end as growth_difference_reason,
    o.has_open_query or coalesce(n.has_open_query, false) as has_open_query,
from staging.observation as o
left join nation as n
    on
        o.period = n.period
        and same_series(o.indicator, o.industry, o.basis, n.indicator, n.industry, n.basis)
where o.zone <> nation() and o.basis <> 'plan';
