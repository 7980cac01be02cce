-- A number not below zero with so many decimals and commas between thousands, as English writes it: grouped(134806.62, 2) is '134,806.62'.
-- zh: 按英文习惯写数：固定小数位，千位分隔
-- unit: text
-- reads: nothing
create or replace macro grouped(number, decimals) as (
    format('{:,}', split_part(fixed(number, decimals), '.', 1)::bigint)
    || regexp_extract(fixed(number, decimals), '\..*$')
);
