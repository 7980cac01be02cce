-- Why growth_pct(value, base) is NULL: 'no value', 'no base', '0/0', 'base zero', 'base negative', 'sign change'; else NULL.
-- zh: 增长率不能计算的原因
-- unit: text
-- reads: nothing
create or replace macro why_no_growth(value, base) as (
    case
        when value is null then 'no value'
        when base is null then 'no base'
        when base = 0 and value = 0 then '0/0'
        when base = 0 then 'base zero'
        when base < 0 then 'base negative'
        when value < 0 then 'sign change'
    end
);
