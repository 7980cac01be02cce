-- One row is an indicator of a zone in a quarter, with its growth, where it is not confidential.
-- zh: 一行是一个地区一个季度的一个不涉密的指标：数值、报送增速、由现价水平推算的名义增速
-- grain: zone, period, indicator, industry, basis
-- unit: value in the base unit of column unit; growth in per cent
-- reads: metrics.indicator_growth, ref.confidential_indicator, ref.zone
-- Of a zone, figures by industry are left out: an industry there may be one enterprise.
create or replace view public.indicator as
select
    g.zone,
    g.period,
    g.indicator,
    g.industry,
    g.basis,
    g.title_zh,
    g.title_en,
    g.value,
    g.unit,
    g.growth_reported_pct,
    g.price_basis,
    g.growth_nominal_pct,
    g.qualifier,
    g.obs_status,
    'F' as conf_status,
    g.value_reason,
    g.growth_nominal_reason,
    g.department_zh,
    g.department_en,
from metrics.indicator_growth as g
inner join ref.zone as z on g.zone = z.zone
where
    g.indicator not in (select c.indicator, from ref.confidential_indicator as c)
    and (g.industry is null or z.kind = 'nation');
