-- Which views are there, and what fills them?
-- zh: 有哪些视图，各由什么填充？
select c.view_name, c.title_zh, c.filled_by_zh,
from metrics.catalogue as c
where c.view_name like 'metrics.e%'
order by c.view_name
