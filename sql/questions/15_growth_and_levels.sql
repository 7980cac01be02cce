-- Does the reported growth agree with the two levels?
-- zh: 增速与两年的水平是否吻合？
select r.period, r.identity, round(r.difference, 3) as difference, round(r.tolerance, 3) as tolerance, r.holds,
from metrics.reconciliation as r
where r.zone = 'CN' and r.identity = 'growth_weighted' and r.period between '2022Q1' and '2024Q4'
order by r.period
