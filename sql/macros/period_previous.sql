-- The quarter before in the same year: period_previous('2022Q3') is '2022Q2'; NULL for a first quarter.
-- zh: 同年的上一季度；第一季度没有
-- unit: a period code
-- reads: nothing
create or replace macro period_previous(period) as (
    case when right(period, 1) > '1' then left(period, 5) || (right(period, 1)::integer - 1)::varchar end
);
