-- One row is a run that changed the warehouse.
-- zh: 一行是一次改动了数据仓库的运行
-- grain: run
-- unit: count of submissions; times in UTC
create table if not exists ledger.run (
    run varchar,
    started_at timestamp,
    finished_at timestamp,
    accepted integer,
    partial integer,
    rejected integer,
    forms_fingerprint varchar,
    program_version varchar,
    started_by varchar,
    started_on varchar,
    lake_snapshot bigint
);
