-- One row is a submission beside the quarter before it: was the form sent then?
-- zh: 一行是一份报送，看上一季度的同一报表是否报过
-- grain: submission
-- code: PERIOD-GAP
-- stage: history
-- severity: query
-- forms: indicator, register
-- subject: submission
-- source: R-key
-- version: 2026.1
-- reads: known.arrival, known.focus, known.submission, known.form
-- title zh: 报过的报表不断季
-- title en: a form that was sent before is sent every quarter
-- message zh: 这张报表报过 {last_period}，其后 {missing} 个季度没有报，现在报 {period}
-- message en: the form was sent for {last_period}, then not for {missing} quarters, and now for {period}
-- mend zh: 补报所缺的季度；不必报的，请说明
-- mend en: send the quarters that are missing, or say why they are not due
with before as (
    select
        a.submission,
        max(s.quarter) as quarter,
        max_by(s.period, s.quarter) as period,
    from known.arrival as a
    inner join known.focus as f on a.submission = f.submission
    inner join known.submission as s on a.form = s.form and a.zone = s.zone
    where s.quarter < a.quarter and s.received_at <= a.received_at
    group by a.submission
),

gap as (
    select
        b.*,
        -- a plan is due once a year: only quarters in which the form is due are missed
        len(list_filter(range(b.quarter + 1, a.quarter), lambda q: contains(o.due, ((q - 1) % 4 + 1)::varchar))) as missing,
    from before as b
    inner join known.arrival as a on b.submission = a.submission
    inner join known.form as o on a.form = o.form
)

select
    a.submission,
    null::varchar as sheet, null::integer as source_row, null::varchar as field, null::varchar as row_key,
    b.missing = 0 as holds,
    a.period,
    b.period as last_period,
    b.missing,
from known.arrival as a
inner join known.focus as f on a.submission = f.submission
left join gap as b on a.submission = b.submission;
