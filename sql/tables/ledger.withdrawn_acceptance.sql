-- One row is an acceptance that a person has taken back: since when, by whom and why; what was accepted is asked about, or waits, again.
-- zh: 一行是一次被撤销的同意：何时、由谁、因何撤销；所同意的报送重新待核实或待同意
-- grain: submission, accepted_at
-- unit: none; times in UTC
-- known: withdrawn_at
create table if not exists ledger.withdrawn_acceptance (
    submission varchar,
    accepted_at timestamp,
    withdrawn_by varchar,
    withdrawn_at timestamp,
    withdrawal_reason varchar,
    run varchar
);
