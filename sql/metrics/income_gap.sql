-- One row is a zone and quarter with income per head of urban and of rural residents side by side.
-- zh: 一行是一个地区一个季度的城乡居民收入比及其变动
-- grain: zone, period
-- unit: _cny in yuan a head, year to date; _ratio is urban to rural
-- reads: staging.work_quarter
-- F19 of docs/methodology.md#structure. The ratio a year earlier is the stored one where that quarter was sent, and beside
-- it the one that this quarter's growth implies (F5).
create or replace view metrics.income_gap as
with implied as (
    select
        w.*,
        w.income_ratio
        * (1 + w.growth_rural::double / 100) / nullif(1 + w.growth_urban::double / 100, 0) as ratio_implied,
    from staging.work_quarter as w
    where w.form = 'income'
)

select
    d.zone,
    d.period,
    d.urban as income_urban_cny,
    d.rural as income_rural_cny,
    d.urban - d.rural as income_gap_cny,
    d.income_ratio,
    d.a_year_earlier.income_ratio as income_year_earlier_ratio,
    d.income_ratio - d.a_year_earlier.income_ratio as income_ratio_change,
    d.ratio_implied as income_year_earlier_implied_ratio,
    d.income_ratio - d.ratio_implied as income_ratio_change_implied,
    (d.growth_rural - d.growth_urban)::double as growth_rural_less_urban_pp,
    case
        when d.urban is null and d.rural is null then 'not reported'
        when d.urban is null then 'urban income is missing'
        when d.rural is null then 'rural income is missing'
        when d.rural = 0 then 'base zero'
    end as income_ratio_reason,
    case
        when d.income_ratio is null then 'no ratio'
        when d.a_year_earlier.income_ratio is null then 'no ratio a year earlier'
    end as income_ratio_change_reason,
    d.has_open_query or coalesce(d.a_year_earlier.has_open_query, false) as has_open_query,
from implied as d;
