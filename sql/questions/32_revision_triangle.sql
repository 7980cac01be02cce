-- What does the revision triangle look like?
-- zh: 修订三角？
select
    t.vintage,
    t.value / 1e8 as value_100m,
    t.value_change / 1e8 as change_100m,
    t.growth_reported_pct,
    t.known_from,
    t.known_until,
from metrics.revision_triangle as t
where t.zone = '150571' and t.indicator = 'gdp'
order by t.vintage
