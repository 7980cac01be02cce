-- One wide table to chart?
-- zh: 一张宽表作图？
select
    d.zone_title_zh, d.end_on, round(d.gdp_cny / 1e8, 1) as gdp_100m_cny, d.gdp_growth_real_pct as growth,
    round(d.tertiary_share_pct, 1) as tertiary_pct, round(d.gdp_by_industry_cny / 1e8, 1) as by_industry_100m_cny, d.totals_flag,
from metrics.dashboard as d
where d.zone = 'CN' and d.period >= '2023Q4'
order by d.period
