-- One row is a submission that a person has accepted although it alters a published figure or a query about it is open.
-- zh: 一行是一份经专人同意的报送：改动已公布数据的重报，或还有待核实问题的报送
-- grain: submission, accepted_at
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
