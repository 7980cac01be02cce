-- Which sector made the growth?
-- zh: 哪个产业拉动了增长？
select
    s.sector, round(s.contribution_pp, 3) as points, round(s.contribution_rate_pct, 2) as rate_pct,
    round(s.contribution_residual_pp, 4) as residual_pp, s.contribution_method,
from metrics.sector_growth as s
where s.zone = '150571' and s.period = '2022Q3'
