-- One row is a figure of the year to date that a zone could have sent in a quarter, as its own season and growth lead to expect it.
-- zh: 一行是一个地区一个季度的一个本年累计数：按上年的季节性和最近增速推算的预期数，以及（有的话）实际报送数
-- grain: zone, period, indicator
-- unit: in the base unit of column unit; error_pct is expected over what was sent, less 100
-- reads: staging.observation, staging.sent_quarter, ref.indicator
-- F32 of docs/methodology.md#nowcast. Every quarter of a zone and the one after its last is asked, whether the figure is there or not:
-- so that each is expected from what was there before it, and held against it. Nothing of the quarter itself goes into it.
create or replace view staging.expected_figure as
with quarter as (
    select q.zone, q.period,
    from staging.sent_quarter as q
    union
    select
        q.zone,
        period_following(max(q.period)) as period,
    from staging.sent_quarter as q
    group by q.zone
),

series as (
    select
        o.zone,
        o.indicator,
        any_value(o.unit) as unit,
        min(o.period) as first_period,
    from staging.observation as o
    inner join ref.indicator as i on o.indicator = i.indicator
    where o.basis = 'ytd' and o.industry is null and i.flow_type = 'flow' and o.value > 0
    group by o.zone, o.indicator
),

placed as (
    select
        s.zone, q.period, s.indicator, s.unit,
        o.value::double as value,
        o.rounding::double as rounding,
        coalesce(o.has_open_query, false) as has_open_query,
    from series as s
    inner join quarter as q on s.zone = q.zone and s.first_period <= q.period
    left join staging.observation as o
        on
            s.zone = o.zone
            and q.period = o.period
            and s.indicator = o.indicator
            and o.basis = 'ytd'
            and o.industry is null
),

looked_back as (
    select
        p.*,
        right(p.period, 1) as quarter,
        first_value(struct_pack(p.value, p.has_open_query)) over (
            partition by p.zone, p.indicator order by period_number(p.period) range between 1 preceding and 1 preceding
        ) as y1,
        first_value(struct_pack(p.value, p.has_open_query)) over (
            partition by p.zone, p.indicator order by period_number(p.period) range between 4 preceding and 4 preceding
        ) as y4,
        first_value(struct_pack(p.value, p.has_open_query)) over (
            partition by p.zone, p.indicator order by period_number(p.period) range between 5 preceding and 5 preceding
        ) as y5,
    from placed as p
),

expected as (
    select
        l.*,
        -- the growth over a year that was known a quarter before, carried on: of the year to date, in Q1 of the year before
        case when l.y1.value > 0 and l.y5.value > 0 then l.y4.value * l.y1.value / l.y5.value end as value_expected,
        l.y1.has_open_query or l.y4.has_open_query or l.y5.has_open_query as past_has_open_query,
    from looked_back as l
),

scored as (
    select
        e.*,
        case when e.value > 0 then 100 * (e.value_expected / e.value - 1) end as error_pct,
    from expected as e
)

select
    s.zone, s.period, s.quarter, s.indicator, s.unit, s.value, s.rounding, s.value_expected,
    s.y4.value as value_year_earlier,
    s.error_pct,
    -- what it was wrong by in the quarters before: their count, and the root of the mean square
    count(s.error_pct) over so_far as errors,
    sqrt(
        (sum(addend(s.error_pct * s.error_pct)) over so_far)::double / nullif(count(s.error_pct) over so_far, 0)
    ) as error_rms_pct,
    s.has_open_query,
    coalesce(s.past_has_open_query, false) as past_has_open_query,
from scored as s
window so_far as (
    partition by s.zone, s.indicator order by period_number(s.period)
    range between unbounded preceding and 1 preceding
);
