-- Level and share of the three sectors?
-- zh: 三次产业的水平和结构？
select s.title_zh, round(s.value_ytd_cny / 1e8, 2) as value_100m_cny, round(s.share_pct, 1) as share_pct, s.growth_ytd_real_pct,
from metrics.sector_growth as s
where s.zone = '150571' and s.period = '2022Q3'
