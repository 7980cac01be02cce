-- What is said of a slip that unit_slip found, in English; nothing where it found none.
-- zh: 计量单位或小数点错位的提示（英文）
-- unit: text
-- reads: nothing
-- a slip is a query: in the lambda it is asked once, and not wherever its name stands
create or replace macro say_slip_en(slip, titles) as (
    list_transform([slip], lambda s: coalesce(
        '“' || titles[s.n] || '” times ' || plain(s.factor)
        || ' would make it add up: look at its unit and decimal point first; ', ''
    ))[1]
);
