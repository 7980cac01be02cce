-- One row is a resubmission that a person has accepted although it alters a published figure.
-- zh: 一行是一份经专人同意、改动已公布数据的重报
-- grain: submission
-- unit: none; times in UTC
-- known: accepted_at
create table if not exists ledger.accepted_revision (
    submission varchar,
    zone varchar,
    period varchar,
    form varchar,
    revision integer,
    accepted_by varchar,
    accepted_at timestamp,
    acceptance_reason varchar,
    run varchar
);
