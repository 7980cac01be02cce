-- What are the headline figures of the zone?
-- zh: 主要指标怎么样？
select h.title_zh, h.value_text, h.growth_pct, h.growth_basis_zh, h.value_reason,
from metrics.headline as h
where h.zone = '150571' and h.period = '2022Q3'
order by h.ord
