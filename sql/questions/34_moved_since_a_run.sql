-- What moved since a run?
-- zh: 这次运行使哪些数有了变动？
select m.metric, m.item, m.measure, m.value_before, m.value_now, m.move,
from metrics.moved_between(since_run := '20990103') as m
where m.metric in ('headline', 'sector_growth') and m.item in ('gdp', 'total', 'tertiary')
order by all
