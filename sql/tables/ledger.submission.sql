-- One row is a submission and what became of it.
-- zh: 一行是一份报送及其处理结果
-- grain: submission
-- unit: bytes, rows; times in UTC
-- known: received_at
create table if not exists ledger.submission (
    submission varchar,
    path varchar,
    form varchar,
    zone varchar,
    period varchar,
    revision integer,
    sha256 varchar,
    bytes bigint,
    sender varchar,
    received_at timestamp,
    loaded_at timestamp,
    status varchar,
    rows_read bigint,
    rows_accepted bigint,
    rows_held bigint,
    form_version varchar,
    form_fingerprint varchar,
    run varchar,
    replacement integer,
    part_of varchar
);
