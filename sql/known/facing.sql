-- One row is a new submission with two figures of its zone and quarter that are held against each other.
-- zh: 一行是一份新报送，及其地区和季度的两个要相互对照的指标值
-- grain: submission, left_indicator, right_indicator
-- unit: left_value and right_value in the base unit; growth in per cent
-- reads: known.arrival, known.focus, known.observation
-- The place is that of whichever of the two the submission gives; NULL where it gives neither.
create or replace view known.facing as
with held as (
    select
        a.submission,
        a.period,
        unnest(['industry_va', 'retail_sales']) as left_indicator,
        unnest(['va_secondary', 'va_tertiary']) as right_indicator,
    from known.arrival as a
    inner join known.focus as f on a.submission = f.submission
)

select
    h.submission, h.left_indicator, h.right_indicator,
    coalesce(l.is_own, false) or coalesce(r.is_own, false) as is_own,
    if(l.is_own, l.sheet, if(r.is_own, r.sheet, null)) as sheet,
    if(l.is_own, l.source_row, if(r.is_own, r.source_row, null)) as source_row,
    l.value as left_value,
    l.said as left_said,
    l.growth_pct as left_growth_pct,
    r.value as right_value,
    r.said as right_said,
    r.growth_pct as right_growth_pct,
from held as h
left join known.observation as l on h.submission = l.seen_by and h.period = l.period and h.left_indicator = l.indicator
left join known.observation as r on h.submission = r.seen_by and h.period = r.period and h.right_indicator = r.indicator;
