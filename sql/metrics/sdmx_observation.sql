-- One row is a number of a zone and quarter as an SDMX observation: a level or the growth reported, as it was printed.
-- zh: SDMX 观测值：一行是一个地区一个季度的一个数（数值或报送的增速），按报送时印出的单位和小数位
-- grain: zone, indicator, activity, basis, transformation, time_period
-- unit: sdmx_unit_measure times ten to the power of sdmx_unit_mult
-- reads: staging.observation, ref.unit, ref.confidential_indicator
-- A unit that is no power of ten of its base unit (公顷, 平方米) is converted to that. conf_status F is what public.indicator
-- gives to everybody, the other rows are the office's.
create or replace view metrics.sdmx_observation as
with figure as not materialized (
    select
        o.zone, o.indicator, o.basis, o.value, o.value_reported, o.decimals_reported, o.qualifier, o.obs_status,
        o.growth_reported_pct, o.growth_decimals, o.growth_qualifier, o.price_basis, o.has_open_query, u.sdmx_unit_measure,
        u.sdmx_unit_mult,
        replace(o.period, 'Q', '-Q') as time_period,
        coalesce(o.industry, '_T') as activity,
        u.factor = power(10::double, u.sdmx_unit_mult) as is_decimal,
        case
            when is_confidential(o.indicator, o.industry, o.zone) then 'C'
            when o.has_open_query then 'N'
            else 'F'
        end as conf_status,
    from staging.observation as o
    inner join ref.unit as u on coalesce(o.unit_reported, o.unit) = u.unit
)

select
    'Q' as freq,
    f.zone, f.indicator, f.activity, f.basis,
    'N' as transformation,
    f.time_period,
    if(f.is_decimal, f.value_reported, f.value) as obs_value,
    if(f.has_open_query and f.value is not null, 'V', f.obs_status) as obs_status,
    f.conf_status, f.has_open_query, f.sdmx_unit_measure,
    if(f.is_decimal, f.sdmx_unit_mult, 0) as sdmx_unit_mult,
    if(f.is_decimal and f.value is not null, greatest(f.decimals_reported, 0), null) as decimals,
    f.qualifier,
    null as price_basis,
from figure as f
union all by name
select
    'Q' as freq,
    f.zone, f.indicator, f.activity, f.basis,
    'GY' as transformation,
    f.time_period,
    f.growth_reported_pct as obs_value,
    if(f.has_open_query, 'V', 'A') as obs_status,
    f.conf_status,
    f.has_open_query,
    p.sdmx_unit_measure,
    p.sdmx_unit_mult,
    greatest(f.growth_decimals, 0) as decimals,
    f.growth_qualifier as qualifier,
    f.price_basis,
from figure as f
inner join ref.unit as p on p.unit = '%'
where f.growth_reported_pct is not null;
