-- One row is an explanation that a sender gave for a finding, in the return workbook sent back as this submission.
-- zh: 一行是报送人对一条审核意见所作的说明（随回复工作簿一同报回）
-- grain: submission, code, row_key, column
-- unit: none; times in UTC
-- known: given_at
create table if not exists ledger.explanation (
    submission varchar,
    code varchar,
    sheet varchar,
    row_key varchar,
    "column" varchar,
    text varchar,
    given_by varchar,
    given_at timestamp,
    run varchar
);
