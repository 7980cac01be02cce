-- One row is a submission that a person has withdrawn: it stands no longer.
-- zh: 一行是一份经专人撤回、不再有效的报送
-- grain: submission
-- unit: none; times in UTC
-- known: withdrawn_at
create table if not exists ledger.withdrawal (
    submission varchar,
    path varchar,
    withdrawn_by varchar,
    withdrawn_at timestamp,
    withdrawal_reason varchar,
    run varchar
);
