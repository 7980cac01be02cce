-- One row is a submission whose folder and name say a form, a zone and a quarter that there are, and that is not withdrawn.
-- zh: 一行是一份文件夹和文件名都放对了、也没有撤回的报送
-- grain: submission
-- unit: count of rows and findings; times in UTC
-- reads: staging.submission_status, ledger.finding, ledger.withdrawal, ref.form
create or replace view staging.placed_submission as
select
    s.submission, s.zone, s.period, s.form, s.revision, s.received_at, s.status, s.is_current, s.rows_held,
    s.findings_query, s.findings_explained,
from staging.submission_status as s
inner join ref.form as f on s.form = f.form
-- a mistyped folder makes no quarter
where
    regexp_full_match(s.period, '[0-9]{4}Q[1-4]')
    and s.submission not in (
        select l.submission, from ledger.finding as l
        where l.code in ('FILE-PATH', 'FILE-LINK', 'FILE-KIND')
    )
    and s.submission not in (
        select w.submission, from ledger.withdrawal as w
    );
