-- One row is a figure of the zone as a new submission sees it, its own figures among them.
-- zh: 一行是新报送所看到的本地区的一个指标值（包括它自己的）
-- grain: seen_by, period, indicator, industry, basis
-- unit: value and rounding in the base unit; growth in per cent; said as it was sent
-- reads: known.standing, known.focus, known.figure, known.indicator, ref.unit
create or replace view known.observation as
select
    s.seen_by, s.is_own, o.zone, o.period, s.quarter,
    right(o.period, 1)::integer as quarter_of_year,
    o.form, o.indicator, o.industry, o.basis, i.title_zh, i.title_en, i.flow_type, i.price_basis, i.growth_scope, i.sector,
    i.is_count, o.value, o.unit, o.unit_reported,
    coalesce(u.factor, 1) as factor,
    q.factor as quoted_factor,
    (u.factor * power(10, -o.decimals_reported))::decimal(28, 6) as rounding,
    fixed(o.value_reported, o.decimals_reported) || if(o.unit_reported = '%', '%', ' ' || o.unit_reported) as said,
    o.growth_reported_pct as growth_pct,
    power(10, -o.growth_decimals) as growth_rounding,
    o.qualifier, o.submission, o.sheet, o.source_row,
from known.standing as s
inner join known.focus as f on s.seen_by = f.submission
inner join known.figure as o on s.submission = o.submission
inner join known.indicator as i on o.indicator = i.indicator and o.industry is not distinct from i.industry
left join ref.unit as u on o.unit_reported = u.unit
left join ref.unit as q on i.quoted_unit = q.unit
where s.is_here;
