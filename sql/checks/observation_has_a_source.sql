-- Every figure is traced to a submission in the ledger and to a row of it.
-- zh: 每个指标值都能追溯到报送文件的行
-- reads: core.observation, ledger.submission
-- Rows returned are failures: a run that finds one is not published.
select
    o.zone, o.period, o.indicator, o.submission, o.source_row,
from core.observation as o
left join ledger.submission as s on o.submission = s.submission and s.status <> 'rejected'
where s.submission is null or o.source_row is null;
