-- One row is an acceptance in force: a submission that a person has let stand, and has not taken back since.
-- zh: 一行是一次有效的同意：经专人同意、且未被撤销
-- grain: submission
-- unit: none; times in UTC
-- reads: ledger.accepted_revision, ledger.withdrawn_acceptance
create or replace view staging.acceptance as
select
    a.submission, a.zone, a.period, a.form, a.revision, a.accepted_by, a.accepted_at, a.acceptance_reason, a.run,
from ledger.accepted_revision as a
where
    not exists (
        select 1 as one, from ledger.withdrawn_acceptance as w
        where w.submission = a.submission and w.accepted_at = a.accepted_at
    )
-- accepted twice, as two people may: the first counts
qualify row_number() over (partition by a.submission order by a.accepted_at) = 1;
