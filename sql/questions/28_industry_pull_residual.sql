-- How far are the industries' contributions from the growth published?
-- zh: 各行业拉动之和与公布的增速差多少？
select
    s.period,
    count(*) as industries,
    round(any_value(s.coverage_pct), 4) as coverage_pct,
    round(sum(s.contribution_pp), 3) as points,
    round(any_value(s.total_growth_implied_pct), 3) as implied, any_value(s.total_growth_pct)::double as reported,
    round(any_value(s.contribution_residual_pp), 3) as residual, any_value(s.contribution_method) as method,
from metrics.industry_structure as s
where s.zone = 'CN' and s.indicator = 'value_added' and s.within_industry is null and s.period >= '2024'
group by all
order by all
