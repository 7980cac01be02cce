-- One row is an energy carrier of a zone in a quarter per unit of output, and its change at constant prices.
-- zh: 一行是一个地区一个季度的一种能源：每万元地区生产总值的消费量，以及按可比价计算的升降率
-- grain: zone, period, indicator
-- unit: intensity_value in column unit per 10,000 yuan of GDP at current prices; _pct in per cent
-- reads: staging.observation
-- F29 of docs/methodology.md#energy: the change is (1 + growth of energy) / (1 + real growth of GDP) − 1, as NBS computes it. The
-- level is at current prices, so two years' levels differ by prices too: never compare them for the change.
create or replace view metrics.energy_intensity as
with figure as (
    select
        o.*,
        max(if(o.sector = 'total', struct_pack(o.value, growth := o.growth_reported_pct, o.has_open_query), null)) over (
            partition by o.zone, o.period
        ) as gdp,
    from staging.observation as o
    where
        o.industry is null
        and o.basis = 'ytd'
        and (o.sector = 'total' or o.form = 'energy')
)

select
    f.zone, f.period, f.indicator, f.title_zh, f.title_en, f.unit, f.value, f.growth_reported_pct,
    f.gdp.value as gdp_cny,
    f.gdp.growth::double as gdp_growth_real_pct,
    case when f.gdp.value > 0 then f.value::double / f.gdp.value::double * 10000 end as intensity_value,
    -- the quotient of two growths, as a deflator is
    deflator_change_pct(f.growth_reported_pct::double, f.gdp.growth) as intensity_change_pct,
    -- how much faster output grew than what it used
    case
        when f.gdp.growth <> 0 then f.growth_reported_pct::double / f.gdp.growth::double
    end as elasticity_ratio,
    case
        when f.value is null then if(f.growth_reported_pct is null, 'not reported', 'growth only')
        when f.gdp.value is null then 'no output submitted'
        when f.gdp.value <= 0 then 'base not positive'
    end as intensity_reason,
    case
        when f.growth_reported_pct is null then 'no growth reported'
        when f.gdp.growth is null then 'no output submitted'
    end as intensity_change_reason,
    f.has_open_query or coalesce(f.gdp.has_open_query, false) as has_open_query,
from figure as f
where f.form = 'energy' and f.flow_type <> 'rate';
