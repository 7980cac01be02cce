-- What is said of a slip that unit_slip found, in English; nothing where it found none.
-- zh: 计量单位或小数点错位的提示（英文）
-- unit: text
-- reads: nothing
create or replace macro say_slip_en(slip, titles) as (
    coalesce(
        '“' || titles[slip.n] || '” times ' || plain(slip.factor)
        || ' would make it add up: look at its unit and decimal point first; ', ''
    )
);
