-- One row is a zone and quarter, with how many forms were due, received, rejected, and which are missing.
-- zh: 一行是一个地区一个季度的报送情况：应报、已报、退回、缺报
-- grain: zone, period
-- unit: count of forms, findings and rows
-- reads: staging.submission_status, ledger.finding, ref.form
-- Due is every form that the zone has ever sent: a form that a zone never sends is not expected of it.
create or replace view metrics.completeness as
with placed as (
    select s.*,
    from staging.submission_status as s
    inner join ref.form as f on s.form = f.form
    -- a mistyped folder makes no quarter
    where
        regexp_full_match(s.period, '[0-9]{4}Q[1-4]')
        and s.submission not in (
            select l.submission, from ledger.finding as l
            where l.code = 'FILE-PATH'
        )
),

quarter as (
    select distinct
        p.zone,
        p.period,
    from placed as p
),

form_sent as (
    select distinct
        p.zone,
        p.form,
    from placed as p
),

-- what waits to be mended is what the newest submission left, not what a revision has put right
received as (
    select
        p.zone,
        p.period,
        p.form,
        bool_or(p.is_current) as is_accepted,
        arg_max(p.rows_held, struct_pack(p.revision, p.received_at, p.submission)) as rows_held,
        arg_max(p.findings_query, struct_pack(p.revision, p.received_at, p.submission)) as findings_query,
    from placed as p
    group by p.zone, p.period, p.form
)

select
    q.zone,
    q.period,
    count(*) as forms_due,
    count(r.form) as forms_received,
    count(r.form) filter (where not r.is_accepted) as forms_rejected,
    string_agg(f.form, ', ' order by f.form) filter (where r.form is null) as forms_missing,
    coalesce(sum(r.findings_query), 0)::bigint as findings_query,
    coalesce(sum(r.rows_held), 0)::bigint as rows_held,
    round(100.0 * count(r.form) filter (where r.is_accepted) / count(*), 1) as completeness_pct,
from quarter as q
inner join form_sent as f on q.zone = f.zone
left join received as r on q.zone = r.zone and q.period = r.period and f.form = r.form
group by q.zone, q.period;
