-- One row is what was first said of a figure beside what was said later, at one horizon and in one measure.
-- zh: 一行是一个指标值的首次数与其后某一时点的数：水平、报送的增速，或由各版本算出的环比
-- grain: zone, period, indicator, industry, basis, measure, horizon
-- unit: revision in column unit: per cent of the first for a level, points for a rate and for growth
-- reads: staging.figure_by_horizon, staging.quarter_on_quarter_revision, ref.indicator
-- Revisions of docs/methodology.md#vintages. A quarter over the quarter before is computed within one time: both as they stood when the
-- later one was first known, and both as they stood at the horizon.
create or replace view staging.figure_revision as
select
    f.zone, f.period, f.indicator, f.industry, f.basis, f.horizon,
    'growth_reported_pct' as measure,
    '百分点' as unit,
    (f.growth_then - f.growth_first)::double as revision,
    f.growth_then::double as value_then,
from staging.figure_by_horizon as f
where f.growth_then is not null and f.growth_first is not null
union all by name
select
    f.zone, f.period, f.indicator, f.industry, f.basis, f.horizon,
    'value' as measure,
    if(i.flow_type = 'rate', '百分点', '%') as unit,
    if(
        i.flow_type = 'rate',
        (f.value_then - f.value_first)::double,
        100 * (f.value_then - f.value_first)::double / f.value_first::double
    ) as revision,
    if(i.flow_type = 'rate', f.value_then::double, 100 * f.value_then::double / f.value_first::double) as value_then,
from staging.figure_by_horizon as f
inner join ref.indicator as i on f.indicator = i.indicator
where f.value_then is not null and (f.value_first > 0 or (i.flow_type = 'rate' and f.value_first is not null))
union all by name
select
    q.zone, q.period, q.indicator, q.industry, q.basis, q.horizon,
    'growth_qoq_pct' as measure,
    '百分点' as unit,
    q.growth_then - q.growth_first as revision,
    q.growth_then as value_then,
from staging.quarter_on_quarter_revision as q;
