-- One row is a zone and quarter with income per head of urban and of rural residents side by side.
-- zh: 一行是一个地区一个季度的城乡居民收入比及其变动
-- grain: zone, period
-- unit: _cny in yuan a head, year to date; _ratio is urban to rural
-- reads: staging.observation
-- F19 of docs/methodology.md#structure. The ratio a year earlier is the stored one where that quarter was sent, and beside
-- it the one that this quarter's growth implies (F5).
create or replace view metrics.income_gap as
with income as (
    select
        o.zone,
        o.period,
        max(o.value) filter (where o.indicator = 'income_urban') as urban,
        max(o.value) filter (where o.indicator = 'income_rural') as rural,
        max(o.growth_reported_pct) filter (where o.indicator = 'income_urban') as growth_urban,
        max(o.growth_reported_pct) filter (where o.indicator = 'income_rural') as growth_rural,
    from staging.observation as o
    where o.indicator in ('income_urban', 'income_rural') and o.basis = 'ytd' and o.industry is null
    group by o.zone, o.period
),

divided as (
    select
        i.*,
        i.urban::double / nullif(i.rural, 0)::double as ratio,
        i.urban::double / nullif(i.rural, 0)::double
        * (1 + i.growth_rural::double / 100) / nullif(1 + i.growth_urban::double / 100, 0) as ratio_implied,
    from income as i
),

dated as (
    select
        d.*,
        quarters_earlier(d.ratio, d.zone, d.period, 4) as ratio_year_earlier,
    from divided as d
)

select
    d.zone,
    d.period,
    d.urban as income_urban_cny,
    d.rural as income_rural_cny,
    d.urban - d.rural as income_gap_cny,
    d.ratio as income_ratio,
    d.ratio_year_earlier as income_year_earlier_ratio,
    d.ratio - d.ratio_year_earlier as income_ratio_change,
    d.ratio_implied as income_year_earlier_implied_ratio,
    d.ratio - d.ratio_implied as income_ratio_change_implied,
    (d.growth_rural - d.growth_urban)::double as growth_rural_less_urban_pp,
    case
        when d.urban is null and d.rural is null then 'not reported'
        when d.urban is null then 'urban income is missing'
        when d.rural is null then 'rural income is missing'
        when d.rural = 0 then 'base zero'
    end as income_ratio_reason,
    case
        when d.ratio is null then 'no ratio'
        when d.ratio_year_earlier is null then 'no ratio a year earlier'
    end as income_ratio_change_reason,
from dated as d;
