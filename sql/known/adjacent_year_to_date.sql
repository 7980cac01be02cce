-- One row is a year to date of a new submission beside that of the quarter before, or of the quarter after, in the same year.
-- zh: 一行是新报送的一个累计数，与同年上一季度或下一季度的累计数相对照
-- grain: seen_by, indicator, industry, basis, is_before
-- unit: value, rounding, tolerance and other_ in base units
-- reads: known.observation
-- is_before says that the other is the quarter before. It may be missing; a quarter after that was not sent has no row. F10:
-- a count is exact, unless it is printed in 万.
-- noqa: disable=AM04
create or replace view known.adjacent_year_to_date as
with own as (
    select
        o.*,
        unnest([true, false]) as is_before,
    from known.observation as o
    where o.is_own and o.basis = 'ytd' and o.flow_type = 'flow' and o.value is not null
)

select
    o.*,
    n.period as other_period,
    n.said as other_said,
    n.value as other_value,
    n.qualifier as other_qualifier,
    if(o.is_count and o.factor = 1 and n.factor = 1, 0, (o.rounding + n.rounding) / 2) as tolerance,
from own as o
left join known.observation as n
    on
        o.seen_by = n.seen_by
        and same_series(o.indicator, o.industry, o.basis, n.indicator, n.industry, n.basis)
        and left(o.period, 4) = left(n.period, 4)
        and n.quarter = o.quarter + if(o.is_before, -1, 1)
where if(o.is_before, o.quarter_of_year > 1, n.seen_by is not null);
