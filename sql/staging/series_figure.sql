-- One row is a figure of a zone and quarter with the earlier figures of its series that growth and quarters come from.
-- zh: 一行是一个指标值，连同计算当季数和增速所需的本序列以前各期的数
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit, growth in per cent
-- reads: staging.observation, staging.vintage_break, staging.revised_figure, staging.broken_series, ref.indicator
-- F1 of docs/methodology.md#quarters. One window a series looks back, and what it finds is placed by its quarter and not by
-- rows, so that one that was not sent stays missing. The filter on a zone passes through it. The window carries no more than
-- it needs, for that is what all zones at once have to sort. p and pp are one and two quarters before, y a year before, yp
-- the quarter before that.
create or replace view staging.series_figure as
with figure as (
    select
        o.zone, o.period, o.indicator, o.industry, o.basis, o.unit,
        struct_pack(
            quarter := period_number(o.period),
            o.value, o.rounding, o.growth_reported_pct, o.growth_decimals, o.received_at, r.statements,
            is_bound := o.qualifier <> 'exact',
            o.has_open_query,
            is_break := b.period is not null,
            breaks := breaks_until(s.breaks, o.period)
        ) as now,
    from staging.observation as o
    left join staging.vintage_break as b on o.zone = b.zone and o.period = b.period and o.form = b.form
    left join staging.broken_series as s on o.zone = s.zone and o.indicator = s.indicator
    left join staging.revised_figure as r
        on
            o.zone = r.zone
            and o.period = r.period
            and same_series(o.indicator, o.industry, o.basis, r.indicator, r.industry, r.basis)
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
)

select
    l.* exclude (now, r1, r2, r3, r4, r5),
    i.sector, i.flow_type, i.price_basis,
    right(l.period, 1) as quarter,
    l.basis = 'ytd' and i.flow_type = 'flow' as is_differenced,
    l.now.value,
    l.now.rounding,
    l.now.growth_reported_pct,
    l.now.growth_decimals,
    l.now.received_at,
    l.now.statements,
    l.now.is_bound,
    l.now.is_break,
    l.now.breaks,
    l.now.has_open_query,
    case when l.r1.quarter = l.now.quarter - 1 then l.r1 end as previous,
    case l.now.quarter - 2
        when l.r2.quarter then l.r2
        when l.r1.quarter then l.r1
    end as before_previous,
    of_quarter(l.now.quarter - 4, l.r1, l.r2, l.r3, l.r4, l.r5) as year_earlier,
    of_quarter(l.now.quarter - 5, l.r1, l.r2, l.r3, l.r4, l.r5) as before_year_earlier,
    -- F1: a quarter is a difference inside one year; a first quarter is its own year to date
    case
        when l.basis = 'quarter' then l.now.value
        when is_differenced then if(right(l.period, 1) = '1', l.now.value, l.now.value - struct_extract(previous, 'value'))
    end as value_quarter,
from looked_back as l
inner join ref.indicator as i on l.indicator = i.indicator;
