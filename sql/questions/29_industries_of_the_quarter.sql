-- How fast did each industry grow in the second quarter alone?
-- zh: 各行业二季度当季增长多少？
select
    l.line, l.title_zh, g.value_quarter / 1e8 as quarter_100m, round(g.growth_quarter_real_derived_pct, 2) as growth,
    round(g.growth_quarter_real_bound_pp, 2) as bound,
from metrics.growth('value_added', 'CN', '2024Q2') as g
inner join ref.form_line as l on g.indicator = l.indicator and g.industry is not distinct from l.industry
order by l.ord
