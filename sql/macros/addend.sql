-- What is added up although it is no figure but comes from one, as a decimal: sum(addend(base)) is exact in any order.
-- zh: 参加求和的推算数，取十二位小数，使合计与相加次序无关
-- unit: the amount's own; NULL beyond 26 digits before the point
-- reads: nothing
-- docs/methodology.md#same-answer.
create or replace macro addend(amount) as (
    try_cast(amount as decimal(38, 12))
);
