-- One row is a form that a zone owes for a quarter: by when, and whether and when it came.
-- zh: 一行是一个地区一个季度应报的一张报表：应于何时报到，是否报到、何时报到
-- grain: zone, period, form
-- unit: count of rows and findings; times in UTC
-- reads: staging.placed_submission, staging.sent_quarter, ref.form, ref.release_calendar
-- A zone owes a form from the first quarter that it sent it for: a form that a zone never sends is not expected of it. It
-- owes them for each quarter that it has sent anything for, and for the four quarters after each of these.
create or replace view metrics.submission_due as
with calendar_quarter as (
    select distinct c.period,
    from ref.release_calendar as c
),

-- who has sent nothing for longer than a year is not asked any more, quarter after quarter
quarter as (
    select
        q.zone,
        q.period,
    from staging.sent_quarter as q
    union
    select
        q.zone,
        c.period,
    from staging.sent_quarter as q
    inner join calendar_quarter as c on period_number(c.period) - period_number(q.period) between 1 and 4
),

form_sent as (
    select
        p.zone,
        p.form,
        min(p.period) as first_period,
    from staging.placed_submission as p
    group by p.zone, p.form
),

-- what waits to be mended is what the newest submission left, not what a revision has put right
received as (
    select
        p.zone, p.period, p.form,
        bool_or(p.is_current) as is_accepted,
        min(p.received_at) as first_received_at,
        -- a file that was sent back does not keep the date
        min(p.received_at) filter (where p.status <> 'rejected') as accepted_received_at,
        arg_max(p.rows_held, struct_pack(p.revision, p.received_at, p.submission)) as rows_held,
        arg_max(p.findings_query, struct_pack(p.revision, p.received_at, p.submission)) as findings_query,
        arg_max(p.findings_explained, struct_pack(p.revision, p.received_at, p.submission)) as findings_explained,
    from staging.placed_submission as p
    group by p.zone, p.period, p.form
)

select
    q.zone, q.period, f.form, c.due_on, c.due_at, r.first_received_at, r.accepted_received_at,
    coalesce(r.rows_held, 0) as rows_held,
    coalesce(r.findings_query, 0) as findings_query,
    coalesce(r.findings_explained, 0) as findings_explained,
    case
        when r.form is null then 'missing'
        when not r.is_accepted then 'rejected'
        when r.accepted_received_at > c.due_at then 'late'
        else 'received'
    end as due_status,
from quarter as q
inner join form_sent as f on q.zone = f.zone and q.period >= f.first_period
inner join ref.form as a on f.form = a.form
left join received as r on q.zone = r.zone and q.period = r.period and f.form = r.form
left join ref.release_calendar as c on f.form = c.form and q.period = c.period
-- a form of the year is owed in its own quarter; a revision of it may come in any
where r.form is not null or list_contains(a.due_quarters, right(q.period, 1)::bigint);
