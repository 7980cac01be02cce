-- One row is the submission that stands for a form, zone and quarter: the newest that was not rejected, is not withdrawn and does not wait.
-- zh: 每个报表、地区、季度现行有效的报送：最新的、未被退回、未被撤回、也不在等待同意的一份
-- grain: form, zone, period
-- unit: none; times in UTC
-- reads: ledger.submission, ledger.withdrawal, staging.waiting_submission
create or replace view staging.current_submission as
select
    s.form, s.zone, s.period, s.submission, s.revision,
    coalesce(s.replacement, 0) as replacement,
    s.status, s.path, s.part_of, s.sender, s.received_at, s.rows_read, s.rows_accepted,
from ledger.submission as s
where
    s.status <> 'rejected'
    and not exists (
        select 1 as one, from staging.waiting_submission as w
        where w.submission = s.submission
    )
    and not exists (
        select 1 as one, from ledger.withdrawal as t
        where t.submission = s.submission
    )
-- what was received stands, though its file was changed afterwards; two files of the same revision are settled by
-- arrival, then the quarter's own goes before a part of a history, then by identity, so that no tie is left to chance
qualify row_number() over (
    partition by s.form, s.zone, s.period
    order by
        s.revision desc, coalesce(s.replacement, 0) asc, s.received_at desc, s.part_of is null desc,
        s.submission desc
) = 1;
