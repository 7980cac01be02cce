-- An amount in base units, said in the unit it was sent in: say(10792000000, 100000000, '亿元') is '107.92 亿元'.
-- zh: 把基本单位的数量按报送单位写出
-- unit: text
-- reads: nothing
create or replace macro say(amount, factor, unit) as (
    regexp_replace(regexp_replace((amount / factor)::decimal(28, 4)::varchar, '(\.\d*?)0+$', '\1'), '\.$', '')
    || case when unit = '%' then '%' else ' ' || unit end
);
