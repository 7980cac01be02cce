-- One row is an edition: the figures of a quarter as they were published, frozen by a person.
-- zh: 一行是一期发布：某季度的公布数，由专人封存
-- grain: edition
-- unit: count of figures; times in UTC
-- known: frozen_at
create table if not exists ledger.edition (
    edition varchar,
    period varchar,
    edition_number integer,
    edition_zones varchar,
    frozen_at timestamp,
    cut_off_at timestamp,
    figures bigint,
    sha256 varchar,
    published_run varchar,
    fingerprint varchar,
    commit_id varchar,
    frozen_by varchar,
    note varchar,
    run varchar
);
