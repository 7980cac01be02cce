-- The quarter after: period_following('2022Q4') is '2023Q1'.
-- zh: 下一季度
-- unit: a period code
-- reads: nothing
create or replace macro period_following(period) as (
    case right(period, 1)
        when '4' then (left(period, 4)::integer + 1)::varchar || 'Q1'
        else left(period, 5) || (right(period, 1)::integer + 1)::varchar
    end
);
