-- How does growth compare with the nation's?
-- zh: 与全国相比增速差多少？
select
    z.sector, z.growth_ytd_real_pct as zone_pct, n.growth_ytd_real_pct as nation_pct,
    round(z.growth_ytd_real_pct - n.growth_ytd_real_pct, 1) as difference_pp,
from metrics.sector_growth as z
inner join metrics.sector_growth as n on z.period = n.period and z.sector = n.sector and n.zone = 'CN'
where z.zone = '150571'
