-- One row is a zone's register of enterprises in a quarter: how many entered, left, rose above the threshold or fell below.
-- zh: 一行是一个地区一个季度企业的进出：家数、新进、退出、升规、退规、转行业
-- grain: zone, period
-- unit: count of enterprises; _pct in per cent of those of the quarter before
-- reads: staging.enterprise_quarter, staging.current_submission, metrics.enterprise_event
create or replace view metrics.enterprise_demography as
with register as (
    select
        e.zone,
        e.period,
        count(*) as enterprises,
        count(*) filter (where e.above_threshold) as enterprises_above,
    from staging.enterprise_quarter as e
    group by e.zone, e.period
),

looked_back as (
    select
        r.*,
        quarters_earlier(r.enterprises, r.zone, r.period, 1) as enterprises_quarter_earlier,
    from register as r
),

happened as (
    select
        e.zone,
        e.period,
        count(*) filter (where e.event = 'entered') as entered,
        count(*) filter (where e.event = 'left') as left_register,
        count(*) filter (where e.event = 'rose') as rose_above,
        count(*) filter (where e.event = 'fell') as fell_below,
        count(*) filter (where e.event = 'moved') as moved_industry,
    from metrics.enterprise_event as e
    group by e.zone, e.period
)

select
    r.zone, r.period, r.enterprises, r.enterprises_above, r.enterprises_quarter_earlier,
    case when s.zone is not null then coalesce(h.entered, 0) end as enterprises_entered,
    case when s.zone is not null then coalesce(h.left_register, 0) end as enterprises_left,
    case when s.zone is not null then coalesce(h.rose_above, 0) end as enterprises_rose,
    case when s.zone is not null then coalesce(h.fell_below, 0) end as enterprises_fell,
    case when s.zone is not null then coalesce(h.moved_industry, 0) end as enterprises_moved,
    case
        when s.zone is not null then 100.0 * coalesce(h.entered, 0) / nullif(r.enterprises_quarter_earlier, 0)
    end as entry_rate_pct,
    case
        when s.zone is not null then 100.0 * coalesce(h.left_register, 0) / nullif(r.enterprises_quarter_earlier, 0)
    end as exit_rate_pct,
    case when s.zone is null then 'no register of the quarter before' end as demography_reason,
from looked_back as r
left join staging.current_submission as s
    on r.zone = s.zone and s.period = period_quarter_earlier(r.period) and s.form = 'enterprise_quarter'
left join happened as h on r.zone = h.zone and r.period = h.period;
