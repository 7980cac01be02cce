-- One row is a sector (or the total) of a zone's output in a quarter: level, share, growth and contribution.
-- zh: 一行是一个地区一个季度的一个产业（或合计）：水平、结构、增长、拉动和贡献率
-- grain: zone, period, sector
-- unit: _cny in yuan at current prices, _pct in per cent, _pp in percentage points
-- reads: metrics.sector_growth
create or replace view public.sector_growth as
select
    g.zone,
    g.period,
    g.sector,
    g.title_zh,
    g.title_en,
    g.value_ytd_cny,
    g.share_pct,
    g.growth_ytd_real_pct,
    g.contribution_pp,
    g.contribution_rate_pct,
    g.contribution_method,
    g.value_quarter_cny,
    g.growth_quarter_real_derived_pct,
    g.growth_quarter_real_bound_pp,
    g.contribution_reason,
    g.quarter_reason,
    g.growth_quarter_real_reason,
    g.quarter_flag,
from metrics.sector_growth as g;
