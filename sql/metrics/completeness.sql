-- One row is a zone and quarter, with how many forms were due, received, rejected, and which are missing.
-- zh: 一行是一个地区一个季度的报送情况：应报、已报、退回、缺报
-- grain: zone, period
-- unit: count of forms, findings and rows
-- reads: staging.submission_status, ref.form
-- Due is every form that the zone has ever sent: a form that a zone never sends is not expected of it.
create or replace view metrics.completeness as
with due as (
    select
        p.zone,
        p.period,
        f.form,
    from (select distinct s.zone, s.period from staging.submission_status as s) as p
    inner join (select distinct s.zone, s.form from staging.submission_status as s) as f on p.zone = f.zone
    inner join ref.form as r on f.form = r.form
),

received as (
    select
        s.zone,
        s.period,
        s.form,
        bool_or(s.is_current) as is_accepted,
        sum(s.findings_query) filter (where s.is_current) as findings_query,
        sum(s.rows_held) as rows_held,
    from staging.submission_status as s
    group by s.zone, s.period, s.form
)

select
    d.zone,
    d.period,
    count(*) as forms_due,
    count(r.form) as forms_received,
    count(r.form) filter (where not r.is_accepted) as forms_rejected,
    string_agg(d.form, ', ' order by d.form) filter (where r.form is null) as forms_missing,
    coalesce(sum(r.findings_query), 0)::bigint as findings_query,
    coalesce(sum(r.rows_held), 0)::bigint as rows_held,
    round(100.0 * count(r.form) filter (where r.is_accepted) / count(*), 1) as completeness_pct,
from due as d
left join received as r on d.zone = r.zone and d.period = r.period and d.form = r.form
group by d.zone, d.period;
