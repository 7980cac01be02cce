-- One row is a zone and quarter for which output was reported twice, in form gdp and in total by industry.
-- zh: 一行是一个地区一个季度的两个总量：生产总值表的总量与分行业增加值表的合计
-- grain: zone, period
-- unit: _cny in yuan at current prices, year to date; rounding_cny is what the printed digits of the two leave open
-- reads: staging.observation
-- The two may be of different vintages (docs/methodology.md#by-industry): no rule holds one against the other, so whoever
-- reads either is told.
create or replace view staging.gdp_totals as
select
    o.zone,
    o.period,
    max(o.value) filter (where o.sector = 'total') as gdp_cny,
    max(o.value) filter (where o.indicator = 'value_added') as gdp_by_industry_cny,
    gdp_cny - gdp_by_industry_cny as gdp_difference_cny,
    sum(o.rounding) / 2 as rounding_cny,
    coalesce(abs(gdp_difference_cny) > rounding_cny, false) as totals_differ,
from staging.observation as o
where o.basis = 'ytd' and o.industry is null and (o.sector = 'total' or o.indicator = 'value_added')
group by o.zone, o.period
having count(o.value) = 2;
