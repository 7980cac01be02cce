-- A part in per cent of a whole: percent_of(1.41, 107.92) is 1.3065….
-- zh: 部分占总体的百分比（%）
-- unit: per cent; NULL where either is missing or the whole is zero
-- reads: nothing
create or replace macro percent_of(part, whole) as (
    100 * part::double / nullif(whole, 0)::double
);
