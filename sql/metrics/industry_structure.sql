-- One row is an industry in an indicator of a zone and quarter: share in the total, growth, contribution.
-- zh: 一行是一个地区一个季度一个指标中的一个行业：占合计的比重、增速、拉动和贡献率
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit, _pct in per cent, _pp in percentage points
-- reads: staging.observation, ref.industry
-- F8, F9 against the indicator's own total (the row without an industry). Levels of the classification are never added
-- to each other; coverage_pct says how much of the total the industries of this level make up.
create or replace view metrics.industry_structure as
with part as (
    select
        o.zone,
        o.period,
        o.indicator,
        o.industry,
        o.basis,
        o.unit,
        o.value,
        o.growth_reported_pct,
        o.price_basis,
        c.level,
        c.title_zh,
        c.title_en,
        case when o.growth_reported_pct > -100 then o.value::double / (1 + o.growth_reported_pct::double / 100) end as base,
    from staging.observation as o
    inner join ref.industry as c on o.industry = c.code
    where o.flow_type <> 'rate' and o.basis <> 'plan'
),

whole as (
    select
        o.zone,
        o.period,
        o.indicator,
        o.basis,
        o.value,
        o.growth_reported_pct,
        case when o.growth_reported_pct > -100 then o.value::double / (1 + o.growth_reported_pct::double / 100) end as base,
    from staging.observation as o
    where o.industry is null and o.flow_type <> 'rate' and o.basis <> 'plan'
),

compared as (
    select
        p.*,
        w.value as total_value,
        w.growth_reported_pct as total_growth_pct,
        nullif(w.base, 0) as total_base,
        w.value::double - w.base as total_increment,
        100 * p.value::double / nullif(w.value, 0)::double as share_of_total_pct,
        100 * sum(p.value) over (partition by p.zone, p.period, p.indicator, p.basis, p.level)::double
        / nullif(w.value, 0)::double as coverage_pct,
    from part as p
    left join whole as w
        on p.zone = w.zone and p.period = w.period and p.indicator = w.indicator and p.basis = w.basis
),

dated as (
    select
        c.*,
        first_value(c.share_of_total_pct) over (
            partition by c.zone, c.indicator, c.industry, c.basis order by period_number(c.period)
            range between 4 preceding and 4 preceding
        ) as share_of_total_year_earlier_pct,
    from compared as c
)

select
    d.zone,
    d.period,
    d.indicator,
    d.industry,
    d.basis,
    d.level,
    d.title_zh,
    d.title_en,
    d.unit,
    d.value,
    d.price_basis,
    d.growth_reported_pct,
    d.total_value,
    d.total_growth_pct,
    d.share_of_total_pct,
    d.share_of_total_pct - d.share_of_total_year_earlier_pct as share_change_pp,
    d.coverage_pct,
    100 * (d.value::double - d.base) / d.total_base as contribution_pp,
    case
        when abs(d.total_growth_pct) > 0 then 100 * (d.value::double - d.base) / nullif(d.total_increment, 0)
    end as contribution_rate_pct,
    case
        when d.base is null or d.total_base is null then null
        when d.price_basis = 'constant_price' then 'approximate: current-price weights'
        else 'from the growth reported'
    end as contribution_method,
    case
        when d.total_value is null then 'no total'
        when d.value is null then 'growth only'
        when d.total_value = 0 then 'base zero'
    end as share_reason,
    case
        when d.share_of_total_pct is null then 'no share'
        when d.share_of_total_year_earlier_pct is null then 'no share a year earlier'
    end as share_change_reason,
    case
        when d.total_value is null then 'no total'
        when d.base is null or d.total_base is null then 'a level or its growth is missing'
        when d.total_growth_pct = 0 then 'total growth is zero: points only, no rate'
    end as contribution_reason,
from dated as d;
