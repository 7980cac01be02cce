-- Which industries made the growth?
-- zh: 哪些行业拉动了增长？
select
    s.industry, s.within_industry as inside, s.title_zh, s.value / 1e8 as value_100m, round(s.share_of_total_pct, 2) as share_pct,
    s.growth_reported_pct::double as growth, round(s.contribution_pp, 3) as points, round(s.contribution_rate_pct, 1) as rate_pct,
from metrics.industry_structure as s
where s.zone = 'CN' and s.period = '2024Q1' and s.indicator = 'value_added'
order by s.contribution_pp desc
