-- One row is a submission that alters a published figure and that nobody has accepted: it does not stand.
-- zh: 一行是一份改动已公布数据、尚未经同意的重报：不作为现行数据
-- grain: submission
-- unit: count of figures
-- reads: ledger.resubmission, ledger.edition, staging.acceptance, ledger.withdrawal
create or replace view staging.waiting_submission as
with newest as (
    select
        r.submission, r.edition, r.figures_altered,
    from ledger.resubmission as r
    inner join ledger.edition as e on r.edition = e.edition
    -- what counts is the newest edition that it came after
    qualify row_number() over (partition by r.submission order by e.frozen_at desc, r.edition desc) = 1
)

select
    n.submission, n.edition, n.figures_altered,
from newest as n
left join staging.acceptance as a on n.submission = a.submission
left join ledger.withdrawal as w on n.submission = w.submission
where n.figures_altered > 0 and a.submission is null and w.submission is null;
