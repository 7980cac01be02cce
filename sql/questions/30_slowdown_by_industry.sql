-- Which industries made the growth slow down?
-- zh: 增速放缓出自哪些行业？
select
    h.title_zh, round(q.contribution_pp, 3) as first_quarter, round(h.contribution_pp, 3) as first_half,
    round(h.contribution_pp - q.contribution_pp, 3) as change_pp,
from metrics.industry_structure as h
inner join metrics.industry_structure as q
    on h.zone = q.zone and h.indicator = q.indicator and h.industry = q.industry and q.period = '2024Q1'
where h.zone = 'CN' and h.period = '2024Q2' and h.indicator = 'value_added' and h.within_industry is null
order by change_pp
