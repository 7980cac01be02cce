-- F5, F8: the level a year earlier that a level and its growth imply: implied_base(103, 3) is 100.
-- zh: 由本期水平和同比增速推算的上年同期水平（按本期价格）
-- unit: the level's own; NULL where growth is -100 per cent or less
-- reads: nothing
create or replace macro implied_base(value, growth) as (
    case when growth > -100 then value::double / (1 + growth::double / 100) end
);
