-- What is the chained index of output?
-- zh: 不变价指数？
select c.period, round(c.index_chained, 2) as index_chained, c.index_base_period, round(c.deflator_index, 2) as deflator_index,
from metrics.chain_index as c
where c.zone = 'CN' and c.indicator = 'gdp' and c.period like '%Q4'
order by c.period
