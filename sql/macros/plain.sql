-- A number as a person writes it: no trailing zeros, no exponent.
-- zh: 去掉多余的零，照人写数字的样子
-- unit: text
-- reads: nothing
create or replace macro plain(number) as (
    regexp_replace(regexp_replace(number::varchar, '(\.\d*?)0+$', '\1'), '\.$', '')
);
