-- F4: what is said instead of a rate where a figure is or was negative, in Chinese: turn_zh(3, -2) is '由负转正'.
-- zh: 本期或上年同期为负时，代替增长率的说法
-- unit: text; NULL where neither side is negative
-- reads: nothing
create or replace macro turn_zh(value, base) as (
    case
        when base < 0 and value >= 0 then '由负转正'
        when base >= 0 and value < 0 then '由正转负'
        when base < 0 and value < base then '亏损扩大'
        when base < 0 and value > base then '亏损收窄'
        when base < 0 and value = base then '亏损持平'
    end
);
