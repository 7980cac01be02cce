-- F4: what is said instead of a rate where a figure is or was negative, in Chinese: turn_zh(3, -2) is '由负转正'.
-- zh: 本期或上年同期为负时，代替增长率的说法
-- unit: text; NULL where neither side is negative
-- reads: nothing
create or replace macro turn_zh(value, base) as (
    case turn_en(value, base)
        when 'turned positive' then '由负转正'
        when 'turned negative' then '由正转负'
        when 'loss widened' then '亏损扩大'
        when 'loss narrowed' then '亏损收窄'
        when 'loss unchanged' then '亏损持平'
    end
);
