-- The same quarter a year before: period_year_earlier('2022Q3') is '2021Q3'.
-- zh: 上年同期
-- unit: a period code
-- reads: nothing
create or replace macro period_year_earlier(period) as (
    (left(period, 4)::integer - 1)::varchar || right(period, 2)
);
