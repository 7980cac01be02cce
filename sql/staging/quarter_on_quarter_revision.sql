-- One row is growth of a quarter over the quarter before as it was when first known, beside that of a horizon.
-- zh: 一行是一个当季数的环比增速：首次可算时的，与其后某一时点的
-- grain: zone, period, indicator, industry, basis, horizon
-- unit: growth in per cent, not seasonally adjusted beyond what the figures are
-- reads: staging.figure_by_horizon, staging.observation_vintage
-- F3 of docs/methodology.md#growth within one time: every figure as it stood then, so that no vintage is mixed with another.
create or replace view staging.quarter_on_quarter_revision as
with figured as (
    select
        f.*,
        period_quarter_earlier(f.period) as previous_period,
        period_quarter_earlier(period_quarter_earlier(f.period)) as before_previous_period,
    from staging.figure_by_horizon as f
    where f.flow_type = 'flow' and f.basis in ('ytd', 'quarter')
),

-- the figure and the two quarters before it, each by the name of its quarter, by which DuckDB finds them
asked as (
    select
        f.zone, f.period, f.indicator, f.industry, f.basis, f.horizon, t.is_first, b.back,
        case b.back when 0 then f.period when 1 then f.previous_period else f.before_previous_period end as period_asked,
        if(t.is_first, f.known_first + to_microseconds(1), f.known_before) as known_before,
    from figured as f
    cross join (values (true), (false)) as t (is_first)
    cross join (values (0), (1), (2)) as b (back)
),

-- as they stood
placed as (
    select
        a.zone, a.period, a.indicator, a.industry, a.basis, a.horizon, a.is_first,
        right(a.period, 1) as quarter,
        max(v.value) filter (where a.back = 0) as value,
        max(v.value) filter (where a.back = 1) as previous,
        max(v.value) filter (where a.back = 2) as before_previous,
    from asked as a
    inner join staging.observation_vintage as v
        on
            a.zone = v.zone
            and same_series(a.indicator, a.industry, a.basis, v.indicator, v.industry, v.basis)
            and a.period_asked = v.period
            and stands_before(v.known_from, v.known_until, a.known_before)
    group by a.zone, a.period, a.indicator, a.industry, a.basis, a.horizon, a.is_first
),

grown as (
    select
        p.*,
        growth_pct(
            if(p.basis = 'quarter' or p.quarter = '1', p.value, p.value - p.previous),
            if(p.basis = 'quarter' or p.quarter = '2', p.previous, p.previous - p.before_previous)
        ) as growth_qoq,
    from placed as p
)

select
    g.zone, g.period, g.indicator, g.industry, g.basis, g.horizon,
    max(g.growth_qoq) filter (where g.is_first) as growth_first,
    max(g.growth_qoq) filter (where not g.is_first) as growth_then,
from grown as g
group by g.zone, g.period, g.indicator, g.industry, g.basis, g.horizon
having growth_first is not null and growth_then is not null;
