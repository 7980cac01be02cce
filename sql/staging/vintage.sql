-- One row is a submission that stood for its form, zone and quarter for a time: from when, and until when.
-- zh: 一行是一份曾为或现为有效的报送：自何时起、至何时止
-- grain: form, zone, period, vintage
-- unit: count of vintages; times in UTC
-- reads: ledger.submission, ledger.resubmission, ledger.edition, staging.acceptance, ledger.withdrawal
-- It stands from receipt, or from its acceptance where it altered a published figure, until one of a higher
-- revision stands. One that came after a higher revision never stood; nor did one that is withdrawn, as far as is known now.
create or replace view staging.vintage as
with newest as (
    select
        r.submission,
        r.figures_altered,
    from ledger.resubmission as r
    inner join ledger.edition as e on r.edition = e.edition
    qualify row_number() over (partition by r.submission order by e.frozen_at desc, r.edition desc) = 1
),

effective as (
    select
        s.*,
        if(n.figures_altered > 0, greatest(a.accepted_at, s.received_at), s.received_at) as known_from,
        struct_pack(
            r := s.revision, p := -coalesce(s.replacement, 0), t := s.received_at, o := s.part_of is null, i := s.submission
        ) as place,
    from ledger.submission as s
    left join newest as n on s.submission = n.submission
    left join staging.acceptance as a on s.submission = a.submission
    left join ledger.withdrawal as w on s.submission = w.submission
    where s.status <> 'rejected' and w.submission is null and (coalesce(n.figures_altered, 0) = 0 or a.submission is not null)
),

ranked as (
    select
        e.*,
        max(e.place) over (
            partition by e.form, e.zone, e.period
            order by e.known_from, e.place
            rows between unbounded preceding and 1 preceding
        ) as highest_before,
    from effective as e
),

stood as (
    select r.*,
    from ranked as r
    where r.highest_before is null or r.place > r.highest_before
)

select
    s.form, s.zone, s.period,
    row_number() over same_form as vintage,
    count(*) over (partition by s.form, s.zone, s.period) as vintages,
    s.submission, s.revision, s.status, s.path, s.sender, s.received_at, s.known_from,
    lead(s.known_from) over same_form as known_until,
from stood as s
window same_form as (partition by s.form, s.zone, s.period order by s.known_from, s.place);
