-- A number with exactly that many decimals, halves rounded away from zero: fixed(6, 1) is '6.0'.
-- zh: 固定小数位数，四舍五入
-- unit: text
-- reads: nothing
create or replace macro fixed(number, decimals) as (
    case greatest(decimals, 0)
        when 0 then round(number::decimal(28, 6), 0)::decimal(28, 0)::varchar
        when 1 then round(number::decimal(28, 6), 1)::decimal(28, 1)::varchar
        when 2 then round(number::decimal(28, 6), 2)::decimal(28, 2)::varchar
        when 3 then round(number::decimal(28, 6), 3)::decimal(28, 3)::varchar
        when 4 then round(number::decimal(28, 6), 4)::decimal(28, 4)::varchar
        when 5 then round(number::decimal(28, 6), 5)::decimal(28, 5)::varchar
        else number::decimal(28, 6)::varchar
    end
);
