-- One row is a figure as it stands now, with its words and where it came from.
-- zh: 一行是一个现行有效的指标值，带名称、部门和出处（文件、表、行）
-- grain: zone, period, indicator, industry, basis
-- unit: value and rounding in the base unit of column unit; growth in per cent
-- reads: core.observation, staging.current_submission, ref.indicator, ref.unit, staging.local_title
create or replace view staging.observation as
select
    o.zone,
    o.period,
    o.indicator,
    o.industry,
    o.basis,
    -- of the nation it is called otherwise: 国内生产总值
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    i.department_zh,
    i.department_en,
    i.sector,
    i.flow_type,
    i.price_basis,
    o.value,
    o.unit,
    o.value_reported,
    o.unit_reported,
    o.decimals_reported,
    -- the size of the last printed digit, from which every tolerance follows (F10)
    (u.factor * power(10, -o.decimals_reported))::decimal(28, 6) as rounding,
    o.growth_reported_pct,
    o.growth_decimals,
    o.qualifier,
    o.obs_status,
    o.note,
    o.form,
    o.submission,
    s.path,
    o.sheet,
    o.source_row,
    s.received_at,
from core.observation as o
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on o.submission = s.submission and o.zone = s.zone and o.period = s.period
inner join ref.indicator as i on o.indicator = i.indicator
left join ref.unit as u on o.unit_reported = u.unit
left join staging.local_title as t on o.zone = t.zone and o.indicator = t.indicator;
