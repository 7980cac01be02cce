-- One row is a figure of another zone as a new submission sees it: the zone above, or zones of the same kind.
-- zh: 一行是新报送所看到的其他地区的一个指标值：上级地区，或同类地区
-- grain: seen_by, zone, period, indicator, industry, basis
-- unit: value in the base unit; growth in per cent
-- reads: known.standing, known.focus, known.arrival, known.figure, known.indicator
create or replace view known.elsewhere as
select
    s.seen_by, o.zone, o.period, s.quarter, o.indicator, o.industry, o.basis, i.flow_type, o.value,
    o.growth_reported_pct as growth_pct,
    s.zone = a.parent as is_parent,
from known.standing as s
inner join known.focus as f on s.seen_by = f.submission
inner join known.arrival as a on s.seen_by = a.submission
inner join known.figure as o on s.submission = o.submission
inner join known.indicator as i on o.indicator = i.indicator and o.industry is not distinct from i.industry
where not s.is_here;
