-- The words in Chinese for why a cell is empty, or how it was computed: reason_zh('no prior YTD') is 缺上一季度的累计数.
-- zh: 原因、方法和标记的中文说明
-- unit: text; NULL for what is no reason
-- reads: ref.reason
create or replace macro reason_zh(code) as (
    (
        select r.title_zh, from ref.reason as r
        where r.reason = code -- noqa: RF03
    )
);
