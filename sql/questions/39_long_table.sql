-- One long table to pivot?
-- zh: 一张长表做透视？
select f.title_zh, f.measure, f.value, f.unit, f.status, f.reason, f.flag,
from metrics.fact as f
where f.zone = '150571' and f.period = '2022Q3' and f.indicator in ('gdp', 'budget_revenue')
order by f.indicator desc, f.measure asc
