-- F4: what is said instead of a rate where a figure is or was negative, in English: turn_en(3, -2) is 'turned positive'.
-- zh: 本期或上年同期为负时，代替增长率的说法（英文）
-- unit: text; NULL where neither side is negative
-- reads: nothing
create or replace macro turn_en(value, base) as (
    case
        when base < 0 and value >= 0 then 'turned positive'
        when base >= 0 and value < 0 then 'turned negative'
        when base < 0 and value < base then 'loss widened'
        when base < 0 and value > base then 'loss narrowed'
        when base < 0 and value = base then 'loss unchanged'
    end
);
