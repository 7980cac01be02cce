-- One row is a form of a zone and quarter, or all of them together (form is 'all'), with how good the reporting was.
-- zh: 一行是一个地区一个季度的一张报表（form 为 all 时是全部报表）的报送质量：及时、完整、差错、修订、平衡
-- grain: zone, period, form
-- unit: days; counts; _pct in per cent, _pp in percentage points
-- noqa: disable=LT05
-- reads: metrics.submission_due, metrics.revision, metrics.reconciliation, metrics.sector_growth, staging.submission_status, ref.form
-- Hits count every submission, those sent back and those superseded too. Reconciliation and mixed vintages
-- are of the quarter as a whole. A share without a denominator is NULL.
create or replace view metrics.quality_report as
with due as (
    select
        d.*,
        -- whole days begun after the end of the due day
        case
            when d.accepted_received_at <= d.due_at then 0
            else ceil(epoch(d.accepted_received_at - d.due_at) / 86400)
        end::bigint as late,
    from metrics.submission_due as d
    -- what is still to come is no report
    qualify d.period <= max(if(d.first_received_at is not null, d.period, null)) over (partition by d.zone)
),

hits as (
    select
        s.zone, s.period, s.form,
        count(*) as submissions,
        sum(s.rows_read)::bigint as rows_read,
        sum(s.findings_reject + s.findings_quarantine)::bigint as findings_hard,
        sum(s.findings_query + s.findings_explained)::bigint as findings_soft,
        sum(s.findings_explained)::bigint as findings_explained,
        sum(s.findings_unchecked)::bigint as findings_unchecked,
    from staging.submission_status as s
    group by s.zone, s.period, s.form
),

figure as (
    select
        r.zone, r.period, r.form,
        count(*) as figures,
        count(*) filter (where r.revision_state <> 'unrevised') as figures_revised,
        sum(r.growth_revision_pp) as growth_revision_sum,
        sum(abs(r.growth_revision_pp)) as growth_revision_absolute,
        count(r.growth_revision_pp) as growths,
    from metrics.revision as r
    group by r.zone, r.period, r.form
),

by_form as (
    select
        d.zone, d.period, d.form,
        1 as forms_due,
        if(d.due_status in ('received', 'late'), 1, 0) as forms_accepted,
        if(d.due_status = 'late', 1, 0) as forms_late,
        d.late as days_late,
        d.due_status, d.due_at, h.submissions, h.rows_read, d.rows_held, h.findings_hard, h.findings_soft,
        h.findings_explained, h.findings_unchecked, f.figures, f.figures_revised, f.growth_revision_sum,
        f.growth_revision_absolute, f.growths,
    from due as d
    left join hits as h on d.zone = h.zone and d.period = h.period and d.form = h.form
    left join figure as f on d.zone = f.zone and d.period = f.period and d.form = f.form
),

of_quarter as (
    select
        b.zone,
        b.period,
        coalesce(b.form, 'all') as form,
        sum(b.forms_due)::bigint as forms_due,
        sum(b.forms_accepted)::bigint as forms_accepted,
        sum(b.forms_late)::bigint as forms_late,
        max(b.days_late) as days_late,
        case
            when count(b.days_late) > 0 then null
            when count(b.due_at) = 0 then 'no release calendar'
            else 'nothing accepted'
        end as days_late_reason,
        coalesce(sum(b.submissions), 0)::bigint as submissions,
        coalesce(sum(b.rows_read), 0)::bigint as rows_read,
        sum(b.rows_held)::bigint as rows_held,
        coalesce(sum(b.findings_hard), 0)::bigint as findings_hard,
        coalesce(sum(b.findings_soft), 0)::bigint as findings_soft,
        coalesce(sum(b.findings_explained), 0)::bigint as findings_explained,
        coalesce(sum(b.findings_unchecked), 0)::bigint as findings_unchecked,
        coalesce(sum(b.figures), 0)::bigint as figures,
        coalesce(sum(b.figures_revised), 0)::bigint as figures_revised,
        sum(b.growth_revision_sum)::double / nullif(sum(b.growths), 0) as growth_mean_revision_pp,
        sum(b.growth_revision_absolute)::double / nullif(sum(b.growths), 0) as growth_mean_absolute_revision_pp,
    from by_form as b
    group by grouping sets ((b.zone, b.period, b.form), (b.zone, b.period))
),

reconciled as (
    select
        r.zone,
        r.period,
        count(*) as identities,
        count(*) filter (where not r.holds) as identities_failed,
        count(*) filter (where r.holds is null) as identities_unchecked,
    from metrics.reconciliation as r
    group by r.zone, r.period
),

mixed as (
    select
        g.zone,
        g.period,
        count(*) filter (where g.quarter_flag = 'mixed vintage') as figures_mixed_vintage,
    from metrics.sector_growth as g
    group by g.zone, g.period
)

select
    q.zone, q.period, q.form, f.title_zh, f.title_en, q.forms_due, q.forms_accepted,
    round(100.0 * q.forms_accepted / q.forms_due, 1) as completeness_pct,
    q.forms_late, q.days_late, q.days_late_reason, q.submissions, q.rows_read, q.rows_held, q.findings_hard,
    q.findings_soft, q.findings_explained,
    round(100.0 * q.findings_explained / nullif(q.findings_soft, 0), 1) as explained_pct,
    q.findings_unchecked, q.figures, q.figures_revised, q.growth_mean_revision_pp, q.growth_mean_absolute_revision_pp,
    if(q.form = 'all', coalesce(r.identities, 0), null) as identities,
    if(q.form = 'all', coalesce(r.identities_failed, 0), null) as identities_failed,
    if(q.form = 'all', coalesce(r.identities_unchecked, 0), null) as identities_unchecked,
    if(q.form = 'all', coalesce(m.figures_mixed_vintage, 0), null) as figures_mixed_vintage,
from of_quarter as q
left join ref.form as f on q.form = f.form
left join reconciled as r on q.zone = r.zone and q.period = r.period
left join mixed as m on q.zone = m.zone and q.period = m.period
order by q.zone, q.period, q.form;
