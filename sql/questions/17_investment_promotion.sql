-- How much investment was contracted, how much has arrived?
-- zh: 到位资金、合同金额多少？
select g.title_zh, g.value_reported, g.unit_reported, g.growth_reported_pct, g.qualifier,
from metrics.indicator_growth as g
where g.form = 'investment_promotion' and g.zone = '150571'
order by g.source_row
