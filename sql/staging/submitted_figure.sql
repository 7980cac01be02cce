-- One row is a figure of a submission, whether that stands or not, with the words of its indicator.
-- zh: 一行是一份报送（不论是否现行有效）中的一个指标值，带名称、部门和末位大小
-- grain: submission, indicator, industry, basis
-- unit: value and rounding in the base unit of column unit; growth in per cent
-- reads: core.observation, ref.indicator, ref.unit, staging.local_title
-- noqa: disable=AM04
create or replace view staging.submitted_figure as
select
    o.*,
    -- of the nation it is called otherwise: 国内生产总值
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    -- the size of the last printed digit, from which every tolerance follows (F10)
    (u.factor * power(10, -o.decimals_reported))::decimal(28, 6) as rounding,
    i.department_zh, i.department_en, i.sector, i.flow_type, i.price_basis,
from core.observation as o
inner join ref.indicator as i on o.indicator = i.indicator
left join ref.unit as u on o.unit_reported = u.unit
left join staging.local_title as t on o.zone = t.zone and o.indicator = t.indicator;
