-- One row is a series with as many figures as seasonal adjustment asks quarters of it.
-- zh: 一行是一个期数够多、可能可以作季节调整的指标序列
-- grain: zone, indicator, industry, basis
-- unit: none
-- reads: staging.observation, ref.seasonal_setting
-- Counting is cheaper than putting quarters in order, and most series of most zones are short.
create or replace view staging.long_series as
select
    o.zone, o.indicator, o.industry, o.basis,
from staging.observation as o
group by o.zone, o.indicator, o.industry, o.basis
having count(*) >= (select min(s.min_quarters), from ref.seasonal_setting as s);
