-- The quarter before, across years: period_quarter_earlier('2022Q1') is '2021Q4'.
-- zh: 上一季度（可跨年）
-- unit: a period code
-- reads: nothing
create or replace macro period_quarter_earlier(period) as (
    case
        when right(period, 1) = '1' then (left(period, 4)::integer - 1)::varchar || 'Q4'
        else left(period, 5) || (right(period, 1)::integer - 1)::varchar
    end
);
