-- How does the structure compare with the nation's?
-- zh: 与全国相比结构有何不同？
select
    z.sector, round(z.share_pct, 1) as zone_pct, round(n.share_pct, 1) as nation_pct,
    round(z.share_pct / n.share_pct, 2) as location_quotient,
from metrics.sector_growth as z
inner join metrics.sector_growth as n on z.period = n.period and z.sector = n.sector and n.zone = 'CN'
where z.zone = '150571' and z.sector <> 'total'
