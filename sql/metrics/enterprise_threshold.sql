-- One row is an enterprise whose place in or outside the statistical frame does not match its revenue, or soon may not.
-- zh: 一行是一家需要关注的企业：小升规候选、应统未统、关注退库
-- grain: zone, period, uscc
-- unit: _cny in yuan; ratio of a full year's revenue to the threshold
-- reads: staging.enterprise_quarter, staging.cultivation_pool, ref.industry, ref.threshold, ref.register_parameter
-- The revenue of a full year: what the fourth quarter gives; else the last four quarters, from last year's register and
-- last year's same quarter; else the year to date taken in proportion. watch: uncounted (at the threshold already, outside
-- the frame: 应统未统), candidate (near it: 小升规候选), may_leave (in the frame, below it: 关注退库).
create or replace view metrics.enterprise_threshold as
with near_by as (
    select p.parameter_value as ratio,
    from ref.register_parameter as p
    where p.parameter = 'near_threshold_ratio'
),

annual as (
    select
        e.* exclude (has_open_query),
        e.has_open_query or coalesce(f.has_open_query, false) or coalesce(y.has_open_query, false) as has_open_query,
        threshold_of(e.industry, e.period) as bound,
        case
            when right(e.period, 1) = '4' then 'full year'
            when f.revenue_ytd_cny is not null and y.revenue_ytd_cny is not null then 'last four quarters'
            else 'year to date in proportion'
        end as annual_method,
        case annual_method
            when 'full year' then e.revenue_ytd_cny
            when 'last four quarters' then e.revenue_ytd_cny + f.revenue_ytd_cny - y.revenue_ytd_cny
            else e.revenue_ytd_cny * 4 / right(e.period, 1)::integer
        end::decimal(28, 2) as revenue_annual_cny,
    from staging.enterprise_quarter as e
    left join staging.enterprise_quarter as f
        on e.zone = f.zone and e.uscc = f.uscc and f.period = left(period_year_earlier(e.period), 4) || 'Q4'
    left join staging.enterprise_quarter as y
        on e.zone = y.zone and e.uscc = y.uscc and y.period = period_year_earlier(e.period)
    where e.revenue_ytd_cny is not null
),

watched as (
    select
        a.*,
        case
            when a.above_threshold and a.revenue_annual_cny < a.bound.threshold_cny then 'may_leave'
            when not a.above_threshold and a.revenue_ytd_cny >= a.bound.threshold_cny then 'uncounted'
            when not a.above_threshold and a.revenue_annual_cny >= n.ratio * a.bound.threshold_cny then 'candidate'
        end as watch,
    from annual as a
    cross join near_by as n
),

-- by credit code or by name, as the list has it
pool as (
    select
        p.zone,
        p.period,
        list_concat(list(p.uscc), list(p.enterprise)) as known_as,
    from staging.cultivation_pool as p
    where p.tier in ('threshold_pool', 'above_threshold_plan') and p.status <> 'exited'
    group by p.zone, p.period
)

select
    w.zone, w.period, w.uscc, w.enterprise, w.industry, w.above_threshold, w.watch, w.revenue_ytd_cny,
    w.revenue_annual_cny,
    w.bound.threshold_cny,
    w.revenue_annual_cny::double / nullif(w.bound.threshold_cny, 0)::double as threshold_ratio,
    w.annual_method,
    w.bound.title_zh,
    w.bound.title_en,
    coalesce(list_contains(k.known_as, w.uscc) or list_contains(k.known_as, w.enterprise), false) as in_pool,
    w.has_open_query,
from watched as w
left join pool as k on w.zone = k.zone and w.period = k.period
where w.watch is not null;
