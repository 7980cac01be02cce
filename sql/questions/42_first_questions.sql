-- Which question should be answered first?
-- zh: 先回答哪个问题？
select q.form, q.code, q.influence_pp, q.influence_reason, q.message_zh,
from metrics.query_influence as q
order by q.influence_pp desc nulls last, q.form asc, q.code asc, q.message_zh asc
limit 8
