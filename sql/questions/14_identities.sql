-- Which identities fail, or could not be checked?
-- zh: 哪些平衡关系不成立或未能核验？
select r.zone, r.period, r.identity, r.left_value, r.right_value, r.holds, r.reason,
from metrics.reconciliation as r
where r.holds is distinct from true and (r.zone = '330000' or r.zone = 'CN' and r.period < '2025')
order by all
