-- One row is a figure of a zone and quarter beside the quarter alone, and both a quarter and a year earlier.
-- zh: 一行是一个指标值，及其当季数、上季和上年同期的对应数
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit, growth in per cent
-- reads: staging.observation, ref.vintage_break
-- F1 of docs/methodology.md#quarters. One window a series looks back by time and not by rows, so that a quarter
-- that was not sent stays missing. The filter on a zone passes through it.
create or replace view metrics.discrete_quarter as
with observed as (
    select
        o.*,
        right(o.period, 1) as quarter,
        period_number(o.period) as quarter_number,
        o.qualifier <> 'exact' as is_bound,
        b.period is not null as is_break,
    from staging.observation as o
    left join ref.vintage_break as b on o.zone = b.zone and o.period = b.period and o.form = b.form
),

figure as (
    select
        f.*,
        struct_pack(f.value, f.growth_reported_pct, f.growth_decimals, f.rounding, f.received_at, f.is_bound, f.is_break) as now,
    from observed as f
),

-- p and pp are one and two quarters before, y a year before, yp the quarter before that
looked_back as (
    select
        f.zone,
        f.period,
        f.indicator,
        f.industry,
        f.basis,
        f.sector,
        f.flow_type,
        f.price_basis,
        f.unit,
        f.value,
        f.growth_reported_pct,
        f.growth_decimals,
        f.rounding,
        f.received_at,
        f.is_bound,
        f.is_break,
        f.quarter,
        f.basis = 'ytd' and f.flow_type = 'flow' as is_differenced,
        first_value(f.now) over (series range between 1 preceding and 1 preceding) as p,
        first_value(f.now) over (series range between 2 preceding and 2 preceding) as pp,
        first_value(f.now) over (series range between 4 preceding and 4 preceding) as y,
        first_value(f.now) over (series range between 5 preceding and 5 preceding) as yp,
    from figure as f
    window series as (partition by f.zone, f.indicator, f.industry, f.basis, f.sector order by f.quarter_number)
)

select
    l.zone,
    l.period,
    l.indicator,
    l.industry,
    l.basis,
    l.sector,
    l.flow_type,
    l.price_basis,
    l.unit,
    l.value,
    l.rounding,
    l.growth_reported_pct,
    l.growth_decimals,
    -- F1: a quarter is a difference inside one year; a first quarter is its own year to date
    case
        when l.basis = 'quarter' then l.value
        when l.is_differenced then if(l.quarter = '1', l.value, l.value - l.p.value)
    end as value_quarter,
    case
        when l.basis = 'quarter' then l.rounding / 2
        when l.is_differenced then if(l.quarter = '1', l.rounding, l.rounding + l.p.rounding) / 2
    end as value_quarter_bound,
    -- the year to date of the quarter before, inside the year
    if(l.quarter = '1', null, l.p.value) as value_previous,
    if(l.quarter = '1', null, l.p.growth_reported_pct) as growth_previous_pct,
    if(l.quarter = '1', null, l.p.growth_decimals) as growth_previous_decimals,
    case
        when l.basis = 'quarter' then l.p.value
        when l.is_differenced then if(l.quarter = '2', l.p.value, l.p.value - l.pp.value)
    end as value_quarter_before,
    l.y.value as value_year_earlier,
    l.y.growth_reported_pct as growth_year_earlier_pct,
    case
        when l.basis = 'quarter' then l.y.value
        when l.is_differenced then if(l.quarter = '1', l.y.value, l.y.value - l.yp.value)
    end as value_quarter_year_earlier,
    case
        when l.flow_type = 'rate' then 'a rate is not differenced'
        when l.flow_type = 'stock' or l.basis = 'stock' then 'a stock is not differenced'
        when l.basis in ('plan', 'annual') then 'a figure of the year has no quarter'
        when l.value is null then if(l.growth_reported_pct is null, 'not reported', 'growth only')
        when l.is_differenced and l.quarter <> '1' and l.p.value is null then 'no prior YTD'
    end as quarter_reason,
    -- a difference of two vintages is wrong by the revision between them
    case
        when not l.is_differenced then null
        when l.quarter <> '1' and (l.is_break or l.p.received_at > l.received_at) then 'mixed vintage'
        when l.quarter <> '1' and l.value - l.p.value is not null and (l.y.is_break or l.yp.received_at > l.y.received_at)
            then 'mixed vintage a year earlier'
    end as quarter_flag,
    coalesce(l.is_differenced and l.quarter <> '2' and (l.p.is_break or l.pp.received_at > l.p.received_at), false)
        as is_quarter_before_mixed,
    l.is_bound or coalesce(l.y.is_bound, false) as is_qualified,
    coalesce(
        l.is_bound or l.y.is_bound or (l.is_differenced and l.quarter <> '1' and (l.p.is_bound or l.yp.is_bound)), false
    ) as is_quarter_qualified,
from looked_back as l;
