-- One row is an indicator of the year's plan: where the year ends at last year's pace, and what the rest of it has to bring.
-- zh: 一行是一个列入年度计划的指标：按上年同期进度推算的全年数、余下各季需要的增速、对计划的判断
-- grain: zone, period, indicator
-- unit: value in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: staging.observation, ref.indicator, ref.rule_parameter
-- F24 of docs/methodology.md#plan. Only flows of the year to date. The share of the same quarter in the year is last year's; low and
-- high are those of all earlier years there are. A floor (以上) is kept from above, a ceiling from below, a band (左右) within
-- plan_band_pct of the target or plan_band_pp points of its growth.
create or replace view metrics.plan_outlook as
with figure as (
    select
        o.zone,
        o.period,
        left(o.period, 4)::integer as year,
        right(o.period, 1)::integer as quarter,
        coalesce(i.target_of, o.indicator) as indicator,
        i.target_of is not null as is_target,
        o.title_zh, o.title_en, o.unit, o.value,
        o.growth_reported_pct as growth,
        coalesce(nullif(o.qualifier, 'exact'), o.growth_qualifier, 'exact') as qualifier,
        o.has_open_query,
    from staging.observation as o
    inner join ref.indicator as i on o.indicator = i.indicator
    where
        o.industry is null
        and (
            i.target_of is not null
            or (o.basis = 'ytd' and i.flow_type = 'flow' and o.indicator in (select t.target_of, from ref.indicator as t))
        )
),

-- the newest plan of the year as of the quarter, and the outcome of the year once it is there
with_plan as (
    select
        f.*,
        last_value(
            if(f.is_target, struct_pack(f.value, f.growth, f.qualifier, f.has_open_query), null) ignore nulls
        ) over (
            partition by f.zone, f.indicator, f.year order by f.quarter, not f.is_target
            range between unbounded preceding and current row
        ) as target,
        max(f.value) filter (where not f.is_target and f.quarter = 4) over (
            partition by f.zone, f.indicator, f.year
        ) as outcome,
    from figure as f
),

-- what was sent, each with how much of its own year it came to
actual as (
    select
        p.*,
        p.value::double / nullif(p.outcome, 0)::double as share_of_year,
    from with_plan as p
    where not p.is_target
),

looked_back as (
    select
        a.*,
        first_value(struct_pack(a.value, a.outcome, a.share_of_year, a.target, a.has_open_query)) over earlier as y,
        min(if(a.share_of_year > 0, a.share_of_year, null)) over all_earlier as share_low,
        max(if(a.share_of_year > 0, a.share_of_year, null)) over all_earlier as share_high,
        count(if(a.share_of_year > 0, a.share_of_year, null)) over all_earlier as years,
    from actual as a
    window
        earlier as (
            partition by a.zone, a.indicator order by period_number(a.period) range between 4 preceding and 4 preceding
        ),
        all_earlier as (
            partition by a.zone, a.indicator, a.quarter order by a.year rows between unbounded preceding and 1 preceding
        )
),

expected as (
    select
        l.*,
        -- a plan that sets the growth of a nominal figure sets its level too
        l.target.value is not null as has_level,
        case when l.y.share_of_year > 0 then l.value::double / l.y.share_of_year end as year_end,
        case when l.share_high > 0 then l.value::double / l.share_high end as year_end_low,
        case when l.share_low > 0 then l.value::double / l.share_low end as year_end_high,
        100 * l.y.share_of_year as pace,
        l.growth::double as growth_now,
        l.target.growth::double as growth_target,
        l.y.share_of_year as weight,
    from looked_back as l
    where l.target is not null
),

judged as (
    select
        e.*,
        case
            when e.has_level and e.y.outcome - e.y.value > 0
                then 100 * ((e.target.value - e.value)::double / (e.y.outcome - e.y.value)::double - 1)
            when not e.has_level and e.weight > 0 and e.weight < 1
                then 100 * (((1 + e.growth_target / 100) - e.weight * (1 + e.growth_now / 100)) / (1 - e.weight) - 1)
        end as needed,
        -- what is held against the plan: the year's end where it sets a level, growth so far where it sets growth
        if(e.has_level, 100 * (e.year_end / e.target.value::double - 1), e.growth_now - e.growth_target) as gap,
        if(e.has_level, 100 * (e.year_end_low / e.target.value::double - 1), e.growth_now - e.growth_target) as gap_low,
        if(e.has_level, 100 * (e.year_end_high / e.target.value::double - 1), e.growth_now - e.growth_target) as gap_high,
        if(e.has_level, parameter('plan_band_pct'), parameter('plan_band_pp')) as band,
    from expected as e
)

select
    j.zone, j.period, j.indicator, j.title_zh, j.title_en, j.unit, j.value,
    j.target.value as target_value,
    j.growth_target as target_growth_pct,
    j.target.qualifier as target_qualifier,
    j.growth as growth_reported_pct,
    j.year_end as expected_value,
    j.year_end_low as expected_low_value,
    j.year_end_high as expected_high_value,
    j.years as expected_years,
    j.needed as growth_needed_pct,
    if(j.has_level, percent_of(j.value, j.target.value), null) as progress_pct,
    j.pace as share_of_year_earlier_pct,
    if(j.has_level, percent_of(j.value, j.target.value) - j.pace, null) as progress_gap_pp,
    if(
        j.y.target.value > 0, 100 * (j.y.outcome::double / j.y.target.value::double - 1), null
    ) as outcome_gap_year_earlier_pct,
    if(j.has_level, j.gap, null) as expected_gap_pct,
    if(j.has_level, null, j.gap) as growth_gap_pp,
    if(j.gap is null, null, against_target(j.gap_low, j.gap_high, j.band, j.target.qualifier, false)) as outlook_reason,
    case
        when j.year_end is not null then null
        when j.value is null then if(j.growth is null, 'not reported', 'growth only')
        when j.y.outcome is null then 'no full year earlier'
        else 'base not positive'
    end as expected_reason,
    j.has_open_query or coalesce(j.target.has_open_query, false) or coalesce(j.y.has_open_query, false) as has_open_query,
from judged as j;
