-- What did the sectors look like then?
-- zh: 当时对外说的是多少？
select
    s.sector, s.growth_ytd_real_pct as latest_pct, b.growth_ytd_real_pct as on_1_december_pct,
    round(s.contribution_rate_pct, 2) as latest_rate_pct, round(b.contribution_rate_pct, 2) as on_1_december_rate_pct,
from metrics.sector_growth as s
inner join metrics.sector_growth_as_of('2026-12-01') as b on s.zone = b.zone and s.period = b.period and s.sector = b.sector
where s.zone = '150571'
