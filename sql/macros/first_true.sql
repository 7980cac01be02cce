-- Which of up to six conditions is the first to hold: first_true(false, null, true, null, null, null) is 3; NULL where none does.
-- zh: 六个条件中第一个成立的是第几个；都不成立为空
-- unit: a place from 1 to 6
-- reads: nothing
create or replace macro first_true(c1, c2, c3, c4, c5, c6) as (
    case when c1 then 1 when c2 then 2 when c3 then 3 when c4 then 4 when c5 then 5 when c6 then 6 end
);
