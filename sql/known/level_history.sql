-- One row is an own figure of a new submission beside the median of its own history.
-- zh: 一行是新报送的一个指标值，以及它自己历史值的中位数
-- grain: submission, indicator, industry, basis
-- unit: usual in the base unit, brought to the same quarter of the year; times is a ratio
-- reads: known.observation
-- A year to date is taken per quarter gone by, so that a first quarter can be held against a fourth.
create or replace view known.level_history as
with level as (
    select
        o.*,
        if(o.basis = 'ytd' and o.flow_type = 'flow', o.quarter_of_year, 1) as quarters_summed,
        if(o.value > 0, o.value::double / quarters_summed, null) as level,
    from known.observation as o
    where o.basis <> 'plan' and o.value is not null
),

usual as (
    select
        o.seen_by,
        o.indicator,
        o.industry,
        o.basis,
        median(p.level) as level,
    from level as o
    inner join level as p
        on
            o.seen_by = p.seen_by
            and same_series(o.indicator, o.industry, o.basis, p.indicator, p.industry, p.basis)
            and o.quarter > p.quarter
    where o.is_own
    group by o.seen_by, o.indicator, o.industry, o.basis
)

select
    o.seen_by as submission,
    o.form,
    o.indicator,
    o.industry,
    o.basis,
    o.title_zh,
    o.title_en,
    o.is_count,
    o.value,
    o.said,
    u.level * o.quarters_summed as usual,
    say(u.level * o.quarters_summed, o.factor, o.unit_reported) as usual_said,
    o.level / u.level as times,
    greatest(o.value, u.level * o.quarters_summed) as larger,
    o.sheet,
    o.source_row,
from level as o
left join usual as u
    on
        o.seen_by = u.seen_by
        and same_series(o.indicator, o.industry, o.basis, u.indicator, u.industry, u.basis)
where o.is_own;
