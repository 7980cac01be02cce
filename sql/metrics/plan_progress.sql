-- One row is an indicator that a yearly plan can set a target for: how far the zone has come, and how far time has.
-- zh: 一行是一个可列入年度计划的指标：计划完成进度、时间进度、增速与计划增速之差
-- grain: zone, period, indicator
-- unit: value in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: staging.observation, ref.indicator, ref.rule_parameter
-- The target is that of the newest plan of the year as of the quarter. Time elapsed is q/4 of the year; a seasonal figure
-- need not keep step with it, so the same quarter's progress a year earlier stands beside. A floor (以上, the lower end of 6%-7%), a
-- ceiling (以内) and a band (左右) are judged as in metrics.plan_outlook (F24): a level once it is reached or the year is over.
create or replace view metrics.plan_progress as
with target as (
    select
        o.zone,
        o.period,
        left(o.period, 4) as year,
        i.target_of as indicator,
        o.value, o.growth_reported_pct, o.qualifier,
        -- of a target that is a growth alone the word may stand at either
        coalesce(o.growth_qualifier, if(o.value is null, o.qualifier, null), 'exact') as growth_qualifier,
        o.has_open_query,
    from staging.observation as o
    inner join ref.indicator as i on o.indicator = i.indicator
    where i.target_of is not null
),

actual as (
    select
        o.zone, o.period, o.indicator, o.basis, o.title_zh, o.title_en, o.unit, o.value, o.growth_reported_pct,
        o.has_open_query,
        100.0 * right(o.period, 1)::integer / 4 as time_elapsed_pct,
    from staging.observation as o
    where
        o.industry is null
        and o.basis <> 'plan'
        and o.indicator in (select i.target_of, from ref.indicator as i)
),

progress as (
    select
        a.*,
        t.zone is not null as has_target,
        t.value as target_value,
        t.growth_reported_pct as target_growth_pct,
        if(t.value is null, null, t.qualifier) as target_qualifier,
        if(t.growth_reported_pct is null, null, t.growth_qualifier) as target_growth_qualifier,
        a.basis <> 'ytd' or right(a.period, 1) = '4' as is_over,
        case when t.value > 0 then 100 * a.value::double / t.value::double end as progress_pct,
        a.growth_reported_pct::double - t.growth_reported_pct::double as growth_gap_pp,
        a.has_open_query or coalesce(t.has_open_query, false) as either_has_open_query,
    from actual as a
    left join target as t
        on a.zone = t.zone and a.indicator = t.indicator and t.year = left(a.period, 4) and a.period >= t.period
    -- a plan that was changed during the year stands from the quarter of the change
    qualify row_number() over (partition by a.zone, a.period, a.indicator, a.basis order by t.period desc) = 1
),

-- by one window and no join, so that a filter on a zone reaches the scan; by time, so that a quarter not sent stays missing
looked_back as (
    select
        p.*,
        first_value(p.progress_pct) over (
            partition by p.zone, p.indicator, p.basis order by period_number(p.period)
            range between 4 preceding and 4 preceding
        ) as progress_year_earlier_pct,
        first_value(p.either_has_open_query) over (
            partition by p.zone, p.indicator, p.basis order by period_number(p.period)
            range between 4 preceding and 4 preceding
        ) as year_earlier_has_open_query,
    from progress as p
)

select
    p.zone, p.period, p.indicator, p.title_zh, p.title_en, p.unit, p.value, p.target_value, p.progress_pct,
    case when p.basis = 'ytd' then p.time_elapsed_pct end as time_elapsed_pct,
    case when p.basis = 'ytd' then p.progress_pct - p.time_elapsed_pct end as progress_gap_pp,
    p.progress_year_earlier_pct, p.growth_reported_pct, p.target_growth_pct, p.growth_gap_pp,
    case
        when p.progress_pct is not null then null
        when not p.has_target then 'no target submitted'
        when p.target_value is null then 'the plan sets growth only'
        when p.target_value <= 0 then 'target not positive'
        else 'not reported'
    end as progress_reason,
    p.target_qualifier,
    p.target_growth_qualifier,
    case
        when p.progress_pct is null then null
        when not p.is_over and p.progress_pct < 100 then 'the year is not over'
        else against_target(p.progress_pct - 100, p.progress_pct - 100, parameter('plan_band_pct'), p.target_qualifier, p.is_over)
    end as target_reason,
    against_target(p.growth_gap_pp, p.growth_gap_pp, parameter('plan_band_pp'), p.target_growth_qualifier, p.is_over)
        as target_growth_reason,
    case
        when p.growth_gap_pp is not null then null
        when not p.has_target then 'no target submitted'
        when p.target_growth_pct is null then 'the plan sets a level only'
        else 'no growth reported'
    end as growth_gap_reason,
    p.either_has_open_query or coalesce(p.year_earlier_has_open_query, false) as has_open_query,
from looked_back as p;
