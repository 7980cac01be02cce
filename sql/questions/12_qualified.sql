-- Which figures are qualified?
-- zh: 哪些数是约数？
select g.title_zh, g.qualifier, g.value, g.unit,
from metrics.indicator_growth as g
where g.zone = '150571' and g.qualifier <> 'exact'
order by g.indicator
