-- One row is a figure that a zone has not sent for a quarter, as it can be expected from what has arrived; an estimate.
-- zh: 推算数（不是报送数）：一行是一个地区一个季度尚未报送的一个本年累计数，按已报送的数推算，附区间
-- grain: zone, period, indicator
-- unit: in the base unit of column unit; low and high are where 95 of 100 would lie, were the errors of the past normal
-- reads: staging.expected_figure, staging.broken_series, staging.local_title, ref.indicator
-- F32 of docs/methodology.md#nowcast. Where all parts of the total but one are there, the one follows from the total, exactly within
-- rounding; a missing total is the sum of its three sectors, each as sent or as expected; all else is expected from its season and
-- growth. Status is always estimate: nothing of this view enters another one. metrics.nowcast_score says how good it has been.
create or replace view metrics.nowcast as
with figure as (
    select
        e.*,
        i.sector,
        coalesce(t.title_zh, i.title_zh) as title_zh,
        coalesce(t.title_en, i.title_en) as title_en,
        coalesce(e.value, e.value_expected) as value_or_expected,
        if(e.errors > 2, t_quantile(e.errors) * e.error_rms_pct / 100 * e.value_expected, null) as margin,
    from staging.expected_figure as e
    inner join ref.indicator as i on e.indicator = i.indicator
    left join staging.local_title as t on e.zone = t.zone and e.indicator = t.indicator
),

-- the sectors of the quarter on each row, so that a filter on the zone passes through
with_sectors as (
    select
        f.*,
        count(f.value) filter (where f.sector <> 'total') over whole as sectors_sent,
        max(f.value) filter (where f.sector = 'total') over whole as total_sent,
        -- what is left of the total is as uncertain as the printed digits of all four
        sum(addend(f.value)) filter (where f.sector <> 'total') over whole as sectors_value,
        sum(addend(f.rounding)) filter (where f.value is not null and f.sector is not null) over whole as sectors_rounding,
        count(f.value_or_expected) filter (where f.sector <> 'total') over whole as sectors_known,
        sum(addend(f.value_or_expected)) filter (where f.sector <> 'total') over whole as sectors_sum,
        sum(addend(if(f.value is null, f.margin, f.rounding / 2))) filter (where f.sector <> 'total') over whole
            as sectors_margin,
        bool_or(f.has_open_query) filter (where f.sector is not null) over whole as sectors_have_open_query,
    from figure as f
    window whole as (partition by f.zone, f.period)
),

estimated as (
    select
        w.*,
        case
            when w.sector <> 'total' and w.sectors_sent = 2 and w.total_sent is not null then 'what is left of the total'
            when w.sector = 'total' and w.sectors_sent = 3 then 'the sum of the sectors'
            when w.sector = 'total' and w.sectors_known = 3 and w.sectors_sent > 0 then 'the sum of the sectors, sent or expected'
            when w.value_expected is not null then 'last year''s season and the growth of the quarter before'
        end as nowcast_method,
    from with_sectors as w
    where w.value is null
),

valued as (
    select
        e.*,
        case
            when e.nowcast_method = 'what is left of the total' then e.total_sent - e.sectors_value::double
            when e.nowcast_method like 'the sum of the sectors%' then e.sectors_sum::double
            else e.value_expected
        end as estimate,
        case
            when e.nowcast_method in ('what is left of the total', 'the sum of the sectors') then e.sectors_rounding::double / 2
            when e.nowcast_method like 'the sum of the sectors%' then e.sectors_margin::double
            else e.margin
        end as half_width,
    from estimated as e
)

select
    v.zone, v.period, v.indicator, v.title_zh, v.title_en, v.unit,
    'estimate' as status,
    v.estimate as value_estimated,
    v.estimate - v.half_width as value_low,
    v.estimate + v.half_width as value_high,
    v.value_year_earlier,
    growth_pct(v.estimate, v.value_year_earlier) as growth_nominal_pct,
    if(
        v.value_year_earlier is not null and len(breaks_after(b.breaks, period_year_earlier(v.period), v.period)) > 0,
        'break since a year earlier', null
    ) as growth_flag,
    v.errors, v.error_rms_pct, v.nowcast_method,
    case
        when v.estimate is null then 'fewer than five quarters before it'
        when v.half_width is null then 'fewer than three errors of the past: no interval'
    end as nowcast_reason,
    v.past_has_open_query or coalesce(v.sector is not null and v.sectors_have_open_query, false) as has_open_query,
from valued as v
left join staging.broken_series as b on v.zone = b.zone and v.indicator = b.indicator;
