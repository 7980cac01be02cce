-- One row is an indicator of a zone in a quarter, with its growth, where it is not confidential.
-- zh: 一行是一个地区一个季度的一个不涉密的指标：数值、报送增速、由现价水平推算的名义增速；待核实的不公布（conf_status 为 N）
-- grain: zone, period, indicator, industry, basis
-- unit: value in the base unit of column unit; growth in per cent
-- reads: metrics.indicator_growth, ref.confidential_indicator
-- Of a zone, figures by industry are left out: an industry there may be one enterprise.
-- A figure with an open question is left out until it is answered or accepted: docs/methodology.md#open-query.
create or replace view public.indicator as
select
    g.zone, g.period, g.indicator, g.industry, g.basis, g.title_zh, g.title_en,
    if(g.figure_has_open_query, null, g.value) as value,
    g.unit,
    if(g.figure_has_open_query, null, g.growth_reported_pct) as growth_reported_pct,
    g.price_basis,
    if(g.has_open_query, null, g.growth_nominal_pct) as growth_nominal_pct,
    if(g.figure_has_open_query, null, g.qualifier) as qualifier,
    if(g.figure_has_open_query, 'Q', g.obs_status) as obs_status,
    if(g.figure_has_open_query, 'N', 'F') as conf_status,
    if(g.figure_has_open_query, 'under query', g.value_reason) as value_reason,
    case
        when g.figure_has_open_query then 'under query'
        when g.has_open_query and g.growth_nominal_pct is not null then 'the base is under query'
        else g.growth_nominal_reason
    end as growth_nominal_reason,
    g.growth_flag, g.department_zh, g.department_en,
from metrics.indicator_growth as g
where not is_confidential(g.indicator, g.industry, g.zone);
