-- One row is a finding: a rule that a submission breaks, or that could not be checked, at one place.
-- zh: 一行是一条审核意见：何处、违反哪条规则、怎样改正
-- grain: submission, code, cell
-- unit: none; the words are in zh and en
create table if not exists ledger.finding (
    submission varchar,
    path varchar,
    form varchar,
    zone varchar,
    period varchar,
    code varchar,
    severity varchar,
    stage varchar,
    outcome varchar,
    sheet varchar,
    row integer,
    cell varchar,
    further_cells varchar,
    "column" varchar,
    heading varchar,
    row_key varchar,
    value varchar,
    message_zh varchar,
    message_en varchar,
    rule_zh varchar,
    rule_en varchar,
    mend_zh varchar,
    mend_en varchar,
    explanation varchar
);
