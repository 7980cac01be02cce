-- One row is a submission with what became of it and how many findings of each grade it has.
-- zh: 一行是一份报送的处理结果和各级审核意见的条数
-- grain: submission
-- unit: count of rows and findings; times in UTC
-- reads: ledger.submission, ledger.finding, staging.acceptance, staging.current_submission
-- What a person has accepted as it is counts as explained.
create or replace view staging.submission_status as
with finding_count as (
    select
        f.submission, f.zone, f.period,
        count(*) filter (where f.outcome = 'broken' and f.severity = 'reject') as rejecting,
        count(*) filter (where f.outcome = 'broken' and f.severity = 'quarantine') as quarantining,
        count(*) filter (where f.outcome = 'broken' and f.severity = 'query' and f.explanation is null) as queries,
        count(*) filter (where f.outcome = 'broken' and f.severity = 'query' and f.explanation is not null) as explained,
        count(*) filter (where f.outcome = 'unchecked') as unchecked,
    from ledger.finding as f
    group by f.submission, f.zone, f.period
)

select
    s.submission, s.zone, s.period, s.form, s.path, s.revision, s.sender, s.received_at, s.loaded_at, s.status,
    c.submission is not null as is_current,
    s.rows_read, s.rows_accepted, s.rows_held,
    coalesce(f.rejecting, 0) as findings_reject,
    coalesce(f.quarantining, 0) as findings_quarantine,
    if(a.submission is null, coalesce(f.queries, 0), 0) as findings_query,
    coalesce(f.explained, 0) + if(a.submission is null, 0, coalesce(f.queries, 0)) as findings_explained,
    coalesce(f.unchecked, 0) as findings_unchecked,
    s.run,
from ledger.submission as s
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
left join finding_count as f on s.submission = f.submission and s.zone = f.zone and s.period = f.period
left join staging.acceptance as a on s.submission = a.submission and s.zone = a.zone and s.period = a.period
left join staging.current_submission as c on s.submission = c.submission and s.zone = c.zone and s.period = c.period;
