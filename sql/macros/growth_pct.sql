-- F4: growth in per cent, defined over a positive base and for a value that did not turn negative.
-- zh: 增长率（%），基数为正、本期不为负时才有意义
-- unit: per cent; NULL where either side is missing, the base is not positive or the sign changes
-- reads: nothing
create or replace macro growth_pct(value, base) as (
    case when base > 0 and value >= 0 then (value::double / base::double - 1) * 100 end
);
