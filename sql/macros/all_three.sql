-- F6: a sum over the three sectors, which are exhaustive, so that over fewer of them it is no total: all_three(3, 107.9).
-- zh: 三次产业齐全时的合计；不齐时没有合计
-- unit: the sum's own; NULL where a sector is missing
-- reads: nothing
create or replace macro all_three(sectors, total) as (
    case when sectors = 3 then total end
);
