-- One row is a row of a submission that was not loaded, whole, once for each rule that holds it.
-- zh: 一行是没有入库的一行原始数据（完整保留），以及扣留它的规则和改正办法
-- grain: submission, sheet, row, code, cell
-- unit: none; data is the row as sent, as JSON
create table if not exists quarantine.held_row (
    submission varchar,
    path varchar,
    sheet varchar,
    row integer,
    cell varchar,
    "column" varchar,
    value varchar,
    code varchar,
    message_zh varchar,
    message_en varchar,
    mend_zh varchar,
    mend_en varchar,
    data varchar
);
