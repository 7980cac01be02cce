-- What is said of a slip that unit_slip found, in Chinese; nothing where it found none.
-- zh: 计量单位或小数点错位的提示（中文）
-- unit: text
-- reads: nothing
-- a slip is a query: in the lambda it is asked once, and not wherever its name stands
create or replace macro say_slip_zh(slip, titles) as (
    list_transform([slip], lambda s: coalesce(
        '“' || titles[s.n] || '”若是所报数的 ' || plain(s.factor) || ' 倍，两边即相符：先核对它的计量单位和小数点；', ''
    ))[1]
);
