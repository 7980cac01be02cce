-- One row is a sector (or the total) of a zone's output in a quarter: level, share, growth and contribution.
-- zh: 一行是一个地区一个季度的一个产业（或合计）：水平、结构、增长、拉动和贡献率；待核实的不公布
-- grain: zone, period, sector
-- unit: _cny in yuan at current prices, _pct in per cent, _pp in percentage points
-- reads: metrics.sector_growth
-- A figure with an open question is left out until it is answered or accepted, and so is what is computed from it:
-- docs/methodology.md#open-query.
create or replace view public.sector_growth as
select
    g.zone, g.period, g.sector, g.title_zh, g.title_en,
    if(g.figure_has_open_query, null, g.value_ytd_cny) as value_ytd_cny,
    if(g.contribution_has_open_query, null, g.share_pct) as share_pct,
    if(g.figure_has_open_query, null, g.growth_ytd_real_pct) as growth_ytd_real_pct,
    if(g.contribution_has_open_query, null, g.contribution_pp) as contribution_pp,
    if(g.contribution_has_open_query, null, g.contribution_rate_pct) as contribution_rate_pct,
    if(g.contribution_has_open_query, null, g.contribution_method) as contribution_method,
    if(g.quarter_has_open_query, null, g.value_quarter_cny) as value_quarter_cny,
    if(g.quarter_has_open_query, null, g.growth_quarter_real_derived_pct) as growth_quarter_real_derived_pct,
    if(g.quarter_has_open_query, null, g.growth_quarter_real_bound_pp) as growth_quarter_real_bound_pp,
    if(g.figure_has_open_query, 'under query', null) as value_reason,
    if(g.contribution_has_open_query, 'under query', g.contribution_reason) as contribution_reason,
    if(g.quarter_has_open_query, 'under query', g.quarter_reason) as quarter_reason,
    if(g.quarter_has_open_query, 'under query', g.growth_quarter_real_reason) as growth_quarter_real_reason,
    g.quarter_flag,
    g.growth_flag,
from metrics.sector_growth as g;
