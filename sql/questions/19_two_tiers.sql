-- Which enterprises are in two tiers?
-- zh: 哪些企业同时在两个层级？
select c.enterprise, string_agg(c.tier, ', ' order by c.tier) as tiers,
from staging.cultivation_pool as c
where c.zone = '150571'
group by c.enterprise
having count(distinct c.tier) > 1
