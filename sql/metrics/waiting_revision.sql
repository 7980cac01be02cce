-- One row is a published figure that a resubmission would alter, while nobody has accepted it.
-- zh: 一行是一个待同意的修订：已公布的数，以及重报所给的数
-- grain: zone, period, form, item, measure
-- unit: column unit; the figures as text, exact; times in UTC
-- reads: staging.open_query, staging.waiting_submission, staging.resubmitted_figure, staging.current_submission, ledger.submission
-- Of several that wait for one form, the newest is shown: it is the one that `jibao accept` takes.
create or replace view metrics.waiting_revision as
with waiting as (
    select
        s.*,
        w.edition,
        w.figures_altered,
        q.submission is not null as has_open_query,
    from staging.waiting_submission as w
    inner join ledger.submission as s on w.submission = s.submission
    left join staging.open_query as q on w.submission = q.submission
    left join staging.current_submission as c on s.form = c.form and s.zone = c.zone and s.period = c.period
    -- one that has been overtaken waits for nothing
    where
        c.submission is null
        or struct_pack(r := s.revision, p := -coalesce(s.replacement, 0), t := s.received_at, i := s.submission)
        > struct_pack(r := c.revision, p := -c.replacement, t := c.received_at, i := c.submission)
    qualify row_number() over (
        partition by s.form, s.zone, s.period
        order by s.revision desc, coalesce(s.replacement, 0) asc, s.received_at desc, s.submission desc
    ) = 1
)

select
    w.zone, w.period, w.form, r.item, r.measure, r.value_published, r.value_given, r.unit, w.figures_altered,
    w.edition, w.submission, w.revision, w.path, w.sender, w.received_at,
    w.has_open_query,
from waiting as w
inner join staging.resubmitted_figure as r on w.submission = r.submission and w.edition = r.edition
where r.is_altered
order by w.zone, w.period, w.form, r.item, r.measure;
