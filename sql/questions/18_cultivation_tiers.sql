-- How many enterprises are in each tier of cultivation?
-- zh: 培育库各层级有多少企业？
select coalesce(c.tier, '(all)') as tier, count(*) as entries, count(distinct c.enterprise) as enterprises,
from staging.cultivation_pool as c
where c.zone = '150571'
group by rollup (c.tier)
order by c.tier nulls last
