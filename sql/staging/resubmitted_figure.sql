-- One row is a reported figure of an edition beside what a submission that came later gives for it.
-- zh: 一行是某期发布中的一个报送数，与其后重报的同一数并列
-- grain: edition, submission, item, measure
-- unit: none; the figures as text, exact
-- reads: ledger.edition_figure, ledger.submission, core.observation
-- A figure that the later submission leaves out has no value_given: to withdraw is to alter.
create or replace view staging.resubmitted_figure as
with reported as (
    select f.*,
    from ledger.edition_figure as f
    where f.metric = 'indicator_growth' and f.measure in ('value', 'growth_reported_pct')
),

published as (
    select distinct
        f.edition, f.zone, f.period, f.form, f.submission,
    from reported as f
),

later as (
    select
        p.edition, p.zone, p.period, p.form, s.submission,
    from published as p
    inner join ledger.submission as s
        on p.zone = s.zone and p.period = s.period and p.form = s.form and p.submission <> s.submission
    left join ledger.submission as f on p.submission = f.submission
    where
        s.status <> 'rejected'
        -- in the order of staging.current_submission: what that one had superseded is no resubmission
        and (
            f.submission is null
            or struct_pack(r := s.revision, p := -coalesce(s.replacement, 0), t := s.received_at, i := s.submission)
            > struct_pack(r := f.revision, p := -coalesce(f.replacement, 0), t := f.received_at, i := f.submission)
        )
),

given as (
    select
        o.submission,
        figure_item(o.indicator, o.industry, o.basis) as item,
        figure_text(o.value, o.qualifier) as value_given,
        figure_text(o.growth_reported_pct, 'exact') as growth_given,
    from core.observation as o
    where o.submission in (
        select l.submission, from later as l
    )
)

select
    l.edition, l.submission, l.zone, l.period, l.form, f.item, f.measure, f.role, f.unit,
    f.value_text as value_published,
    if(f.measure = 'value', g.value_given, g.growth_given) as value_given,
    coalesce(f.value_text <> if(f.measure = 'value', g.value_given, g.growth_given), true) as is_altered,
from later as l
inner join reported as f
    on l.edition = f.edition and l.zone = f.zone and l.period = f.period and l.form = f.form
left join given as g on l.submission = g.submission and f.item = g.item;
