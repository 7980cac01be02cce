-- One row is an indicator of a zone in a quarter with its place among the zones, by level and by growth.
-- zh: 一行是一个地区一个季度的一个指标在各地区中的位次和百分位（不含全国），按水平和按增速
-- grain: zone, period, indicator, industry, basis
-- unit: rank from 1, the highest; percentile in per cent of the other zones that are at or below it
-- reads: staging.observation, ref.indicator, staging.local_title
-- F20 of docs/methodology.md#comparison. Equal figures share a place; a figure that is missing has none. Only zones that sent
-- the indicator count. has_open_query is the figure's own: the others
-- are ranked as they stand. A filter on period and indicator passes through; one on a zone alone has to see every zone.
create or replace view metrics.zone_ranking as
with zone_figure as (
    select o.*,
    from staging.observation as o
    where o.zone <> nation() and o.basis <> 'plan'
),

counted as (
    select
        f.*,
        count(f.value) over peers as zones_value,
        count(f.growth_reported_pct) over peers as zones_growth,
        rank() over (
            partition by f.period, f.indicator, f.industry, f.basis order by f.value desc nulls last
        ) as rank_value,
        rank() over (
            partition by f.period, f.indicator, f.industry, f.basis order by f.growth_reported_pct desc nulls last
        ) as rank_growth,
        -- a figure less than its own last digit away cannot be told from this one; a hair less, for a digit is a difference
        1 + count(f.value) over (
            partition by f.period, f.indicator, f.industry, f.basis order by f.value::double desc nulls last
            range between unbounded preceding and coalesce(f.rounding::double, 0) preceding -- noqa: PRS
        ) as rank_value_best,
        count(f.value) over (
            partition by f.period, f.indicator, f.industry, f.basis order by f.value::double desc nulls last
            range between unbounded preceding and coalesce(f.rounding::double * (1 - 1e-9), 0) following -- noqa: PRS
        ) as rank_value_worst,
        count(f.growth_reported_pct) over (
            partition by f.period, f.indicator, f.industry, f.basis, f.growth_reported_pct
        ) as growth_ties,
    from zone_figure as f
    window peers as (partition by f.period, f.indicator, f.industry, f.basis)
)

select
    c.zone, c.period, c.indicator, c.industry, c.basis,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    c.value, c.unit, c.growth_reported_pct, i.price_basis,
    if(c.value is null, null, c.rank_value) as rank_value,
    if(c.value is null, null, c.rank_value_best) as rank_value_best,
    if(c.value is null, null, c.rank_value_worst) as rank_value_worst,
    c.zones_value,
    if(
        c.value is null, null, 100.0::double * (c.zones_value - c.rank_value) / nullif(c.zones_value - 1, 0)
    ) as percentile_value_pct,
    if(c.growth_reported_pct is null, null, c.rank_growth) as rank_growth,
    if(c.growth_reported_pct is null, null, c.rank_growth + c.growth_ties - 1) as rank_growth_worst,
    c.zones_growth,
    if(
        c.growth_reported_pct is null, null, 100.0::double * (c.zones_growth - c.rank_growth) / nullif(c.zones_growth - 1, 0)
    ) as percentile_growth_pct,
    case
        when c.value is null then if(c.growth_reported_pct is null, 'not reported', 'growth only')
        when c.zones_value = 1 then 'one zone: nothing to compare with'
    end as rank_value_reason,
    case
        when c.growth_reported_pct is null then 'no growth reported'
        when c.zones_growth = 1 then 'one zone: nothing to compare with'
    end as rank_growth_reason,
    c.has_open_query,
from counted as c
inner join ref.indicator as i on c.indicator = i.indicator
left join staging.local_title as t on c.zone = t.zone and c.indicator = t.indicator;
