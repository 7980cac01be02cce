-- One row is a rule asked of a submission: how often it holds, is broken, or could not be checked.
-- zh: 一行是一条规则在一份报送上的结果：通过、违反、未能核验各多少次
-- grain: submission, check_name
-- unit: count of rows, or of submissions for a rule of the whole form
create table if not exists ledger.result (
    submission varchar,
    code varchar,
    check_name varchar,
    holds bigint,
    broken bigint,
    unchecked bigint
);
