-- One row is a figure of a zone and quarter beside the quarter alone, and both a quarter and a year earlier.
-- zh: 一行是一个指标值，及其当季数、上季和上年同期的对应数
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit, growth in per cent
-- reads: staging.observation, ref.vintage_break, ref.indicator
-- F1 of docs/methodology.md#quarters. One window a series looks back, and what it finds is placed by its quarter and not by
-- rows, so that one that was not sent stays missing. The filter on a zone passes through it. The window carries no more than
-- it needs, for that is what all zones at once have to sort.
create or replace view metrics.discrete_quarter as
with figure as (
    select
        o.zone,
        o.period,
        o.indicator,
        o.industry,
        o.basis,
        o.unit,
        struct_pack(
            quarter := period_number(o.period),
            o.value,
            o.rounding,
            o.growth_reported_pct,
            o.growth_decimals,
            o.received_at,
            is_bound := o.qualifier <> 'exact',
            is_break := b.period is not null
        ) as now,
    from staging.observation as o
    left join ref.vintage_break as b on o.zone = b.zone and o.period = b.period and o.form = b.form
),

-- a series has one figure a quarter, so that any of the five quarters before is among the five figures before
looked_back as (
    select
        f.*,
        lag(f.now, 1) over series as r1,
        lag(f.now, 2) over series as r2,
        lag(f.now, 3) over series as r3,
        lag(f.now, 4) over series as r4,
        lag(f.now, 5) over series as r5,
    from figure as f
    window series as (partition by f.zone, f.indicator, f.industry, f.basis order by f.period)
),

-- p and pp are one and two quarters before, y a year before, yp the quarter before that
placed as (
    select
        l.zone,
        l.period,
        l.indicator,
        l.industry,
        l.basis,
        l.unit,
        i.sector,
        i.flow_type,
        i.price_basis,
        right(l.period, 1) as quarter,
        l.basis = 'ytd' and i.flow_type = 'flow' as is_differenced,
        l.now.value,
        l.now.rounding,
        l.now.growth_reported_pct,
        l.now.growth_decimals,
        l.now.received_at,
        l.now.is_bound,
        l.now.is_break,
        case when l.r1.quarter = l.now.quarter - 1 then l.r1 end as p,
        case l.now.quarter - 2
            when l.r2.quarter then l.r2
            when l.r1.quarter then l.r1
        end as pp,
        case l.now.quarter - 4
            when l.r4.quarter then l.r4
            when l.r3.quarter then l.r3
            when l.r2.quarter then l.r2
            when l.r1.quarter then l.r1
        end as y,
        case l.now.quarter - 5
            when l.r5.quarter then l.r5
            when l.r4.quarter then l.r4
            when l.r3.quarter then l.r3
            when l.r2.quarter then l.r2
            when l.r1.quarter then l.r1
        end as yp,
    from looked_back as l
    inner join ref.indicator as i on l.indicator = i.indicator
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
from placed as l;
