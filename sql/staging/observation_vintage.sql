-- One row is a figure as one vintage gave it: every submission that ever stood, not only the one that stands.
-- zh: 一行是一个指标值的一个版本：凡曾经有效的报送都在内
-- grain: zone, period, indicator, industry, basis, vintage
-- unit: value in the base unit of column unit; growth in per cent; times in UTC
-- reads: core.observation, staging.vintage, ref.indicator, staging.local_title
create or replace view staging.observation_vintage as
select
    o.zone,
    o.period,
    o.indicator,
    o.industry,
    o.basis,
    v.vintage,
    v.vintages,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    o.value,
    o.unit,
    o.growth_reported_pct,
    o.qualifier,
    o.form,
    v.submission,
    v.revision,
    v.path,
    v.sender,
    v.received_at,
    v.known_from,
    v.known_until,
from core.observation as o
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.vintage as v on o.submission = v.submission and o.zone = v.zone and o.period = v.period
inner join ref.indicator as i on o.indicator = i.indicator
left join staging.local_title as t on o.zone = t.zone and o.indicator = t.indicator;
