-- One row is a submission that came after the one an edition was made from; the build fills it from staging.resubmission.
-- zh: 一行是某期发布之后重报的一份报送，及其改动的公布数个数；由 staging.resubmission 算出后存放
-- grain: edition, submission
-- unit: count of figures
create table if not exists ledger.resubmission (
    edition varchar,
    submission varchar,
    figures_altered bigint
);
