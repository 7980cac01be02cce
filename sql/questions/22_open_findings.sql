-- Which findings still have to be explained?
-- zh: 还有哪些意见要说明？
select f.path, f.code, f.cell, f.row_key, f.message_zh,
from ledger.finding as f
where f.severity = 'query' and f.outcome = 'broken' and f.explanation is null
order by f.path, f.code, f.cell
limit 5
