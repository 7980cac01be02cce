-- One row is a table found on a sheet, with every decision taken to read it.
-- zh: 一行是表格文件中的一张表，以及读取时所作的判断（编码、版式、表头、报告期栏、单位）
-- grain: submission, block
-- unit: rows; headings as JSON by field
create table if not exists ledger.block (
    submission varchar,
    block integer,
    sheet varchar,
    layout varchar,
    first_header_row integer,
    header_row integer,
    period_column varchar,
    common_unit varchar,
    unit_from varchar,
    headings varchar,
    rows_read bigint,
    encoding varchar,
    delimiter varchar,
    unit_line varchar,
    notes varchar[],
    understood varchar
);
