-- Rows accepted and rows held are the rows read.
-- zh: 读取的行 = 入库的行 + 扣留的行
-- reads: ledger.submission
-- Rows returned are failures: a run that finds one is not published.
select
    s.submission, s.path, s.rows_read, s.rows_accepted, s.rows_held,
from ledger.submission as s
where s.rows_read <> s.rows_accepted + s.rows_held or (s.status = 'rejected' and s.rows_accepted > 0);
