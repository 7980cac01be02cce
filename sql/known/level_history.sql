-- One row is an own figure of a new submission beside the median of its own history.
-- zh: 一行是新报送的一个指标值，以及它自己历史值的中位数
-- grain: submission, indicator, industry, basis
-- unit: level and before_level in the base unit, per quarter gone by; times is a ratio to the median
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
        o.seen_by, o.indicator, o.industry, o.basis,
        median(p.level) as level,
        -- what words quote: the same quarter of the year before, or else the newest before
        arg_max(
            struct_pack(period := p.period, said := p.said, level := p.level),
            if(p.quarter = o.quarter - 4, 1000000, p.quarter)
        ) as before,
    from level as o
    inner join level as p
        on
            o.seen_by = p.seen_by
            and same_series(o.indicator, o.industry, o.basis, p.indicator, p.industry, p.basis)
            and o.quarter > p.quarter
    where o.is_own and p.level is not null
    group by o.seen_by, o.indicator, o.industry, o.basis
)

select
    o.seen_by as submission,
    o.form, o.indicator, o.industry, o.basis, o.title_zh, o.title_en, o.is_count, o.sector, o.value, o.said, o.level,
    u.before.period as before_period,
    u.before.said as before_said,
    u.before.level as before_level,
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
