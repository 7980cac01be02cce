-- What is said of a slip that unit_slip found, in Chinese; nothing where it found none.
-- zh: 计量单位或小数点错位的提示（中文）
-- unit: text
-- reads: nothing
create or replace macro say_slip_zh(slip, titles) as (
    coalesce('“' || titles[slip.n] || '”若是所报数的 ' || plain(slip.factor) || ' 倍，两边即相符：先核对它的计量单位和小数点；', '')
);
