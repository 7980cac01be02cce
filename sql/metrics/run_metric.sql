-- One row is a number about the last run: submissions by status, findings by severity, rows, seconds, when it succeeded.
-- zh: 最近一次成功运行的一个监控指标：报送份数、审核意见条数、行数、用时、完成时间
-- grain: metric_name, label_value
-- unit: count; seconds; of the time of success, seconds since 1970
-- reads: ledger.run, ledger.submission, ledger.finding, ref.run_metric_title
-- What an operator's monitoring asks (published/metrics.prom). Counts only: no name of a sender, a file or an enterprise.
create or replace view metrics.run_metric as
with last_run as (
    select r.*,
    from ledger.run as r
    where r.finished_at is not null
    order by r.run desc
    limit 1
),

judged as (
    select s.submission, s.rows_read, s.rows_accepted, s.rows_held,
    from ledger.submission as s
    inner join last_run as r on s.run = r.run
),

severity as (
    select unnest(['reject', 'quarantine', 'query', 'note']) as severity,
),

found as (
    select f.severity, count(*) as findings,
    from ledger.finding as f
    inner join judged as j on f.submission = j.submission
    where f.outcome = 'broken'
    group by f.severity
),

counted as (
    select
        sum(j.rows_read) as rows_read,
        sum(j.rows_accepted) as rows_accepted,
        sum(j.rows_held) as rows_held,
    from judged as j
),

sample as (
    select
        'jibao_submissions' as metric_name,
        'status' as label_name,
        s.status as label_value,
        coalesce(s.submissions, 0)::double as value,
    from (
        select
            unnest(['accepted', 'partial', 'rejected']) as status,
            unnest([r.accepted, r.partial, r.rejected]) as submissions,
        from last_run as r
    ) as s
    union all by name
    select
        'jibao_findings' as metric_name,
        'severity' as label_name,
        s.severity as label_value,
        coalesce(f.findings, 0)::double as value,
    from severity as s
    left join found as f on s.severity = f.severity
    union all by name
    select
        'jibao_rows' as metric_name,
        'state' as label_name,
        c.state as label_value,
        coalesce(c.number, 0)::double as value,
    from (
        select
            unnest(['read', 'accepted', 'held']) as state,
            unnest([c.rows_read, c.rows_accepted, c.rows_held]) as number,
        from counted as c
    ) as c
    union all by name
    select
        'jibao_run_seconds' as metric_name,
        null as label_name,
        null as label_value,
        epoch(r.finished_at - r.started_at) as value,
    from last_run as r
    union all by name
    select
        'jibao_last_success_timestamp_seconds' as metric_name,
        null as label_name,
        null as label_value,
        epoch(r.finished_at) as value,
    from last_run as r
)

select s.metric_name, s.label_name, s.label_value, s.value, t.title_zh, t.title_en,
from sample as s
inner join ref.run_metric_title as t on s.metric_name = t.metric_name;
