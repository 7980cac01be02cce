-- One row is a zone and quarter, with how many forms were due, received, late, rejected, and which are missing.
-- zh: 一行是一个地区一个季度的报送情况：应报、已报、迟报、退回、缺报
-- grain: zone, period
-- unit: count of forms, findings and rows
-- reads: metrics.submission_due
create or replace view metrics.completeness as
select
    d.zone,
    d.period,
    max(d.due_on) as due_on,
    count(*) as forms_due,
    count(*) filter (where d.due_status <> 'missing') as forms_received,
    count(*) filter (where d.due_status = 'late') as forms_late,
    count(*) filter (where d.due_status = 'rejected') as forms_rejected,
    string_agg(d.form, ', ' order by d.form) filter (where d.due_status = 'missing') as forms_missing,
    sum(d.findings_query)::bigint as findings_query,
    sum(d.findings_explained)::bigint as findings_explained,
    sum(d.rows_held)::bigint as rows_held,
    round(100.0 * count(*) filter (where d.due_status in ('received', 'late')) / count(*), 1) as completeness_pct,
from metrics.submission_due as d
group by d.zone, d.period
-- quarters after the last that anything came for are in metrics.submission_due alone
qualify
    d.period <= max(if(count(*) filter (where d.due_status <> 'missing') > 0, d.period, null)) over (partition by d.zone);
