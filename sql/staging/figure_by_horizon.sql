-- One row is a figure as it was first known beside the same as it stood at a horizon, where it is old enough for that.
-- zh: 一行是一个指标值的首次数，与其在某一时点（一个季度后、四个季度后、最终、最新）的数并列
-- grain: zone, period, indicator, industry, basis, horizon
-- unit: value in the base unit of the indicator; growth in per cent; times in UTC
-- reads: staging.observation_vintage, ledger.submission
-- Revisions of docs/methodology.md#vintages. The horizon is the end of a calendar quarter, so many after the one in which the
-- figure was first known; it has to be over, as far as the newest submission tells. `final` asks only that the figure is not as
-- new as that; `latest` asks nothing. A figure that was withdrawn by then has no value there.
-- noqa: disable=AM04
create or replace view staging.figure_by_horizon as
with newest as (
    select date_trunc('quarter', max(s.received_at)) as newest_quarter,
    from ledger.submission as s
),

-- what was given once was first known then, and is not put in order with the rest
stated as (
    select
        v.*,
        min(v.known_from) over (partition by v.zone, v.period, v.indicator, v.industry, v.basis) as known_first,
    from staging.observation_vintage as v
    where v.vintages > 1
    union all
    select
        v.*,
        v.known_from as known_first,
    from staging.observation_vintage as v
    where v.vintages = 1
),

asked as (
    select
        s.*,
        h.horizon,
        -- no time for what is newest
        case
            when h.quarters is not null then date_trunc('quarter', s.known_first) + to_months(3 * (h.quarters + 1))
        end as known_before,
    from stated as s
    cross join newest as n
    inner join (values ('one quarter', 1), ('four quarters', 4), ('final', null), ('latest', null)) as h (horizon, quarters)
        on
            n.newest_quarter >= date_trunc('quarter', s.known_first) + to_months(3 * (h.quarters + 1))
            or (h.horizon = 'final' and n.newest_quarter > date_trunc('quarter', s.known_first))
            or h.horizon = 'latest'
)

select
    a.zone, a.period, a.indicator, a.industry, a.basis, a.horizon,
    any_value(a.flow_type) as flow_type,
    min(a.known_first) as known_first,
    min(a.known_before) as known_before,
    max(a.value) filter (where a.known_from = a.known_first) as value_first,
    max(a.growth_reported_pct) filter (where a.known_from = a.known_first) as growth_first,
    max(a.value) filter (where stands_before(a.known_from, a.known_until, a.known_before)) as value_then,
    max(a.growth_reported_pct) filter (where stands_before(a.known_from, a.known_until, a.known_before)) as growth_then,
from asked as a
group by a.zone, a.period, a.indicator, a.industry, a.basis, a.horizon;
