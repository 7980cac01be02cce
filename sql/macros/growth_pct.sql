-- F4: growth in per cent, defined only over a positive base.
-- zh: 增长率（%），基数为正时才有意义
-- unit: per cent; NULL where either side is missing or the base is not positive
-- reads: nothing
create or replace macro growth_pct(value, base) as (
    case when base > 0 then (value::double / base::double - 1) * 100 end
);
