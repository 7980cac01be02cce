-- Quarters counted from year 0, so that a quarter earlier is one less: period_number('2022Q3') is 8091.
-- zh: 季度的连续编号，相邻季度相差 1
-- unit: a count of quarters
-- reads: nothing
create or replace macro period_number(period) as (
    left(period, 4)::integer * 4 + right(period, 1)::integer
);
