-- One row is a growth rate of a new submission, with whether it is an index with last year at 100.
-- zh: 一行是新报送的一个增速，及其是否为以上年为100的指数
-- grain: seen_by, indicator, industry, basis
-- unit: growth in per cent; values in base units
-- reads: known.year_earlier, ref.rule_parameter
-- noqa: disable=AM04
create or replace view known.growth_given as
with rate as (
    select
        y.*,
        growth_pct(y.value, y.year_value) as growth_of_levels,
        y.growth_pct between parameter('growth_index_low') and parameter('growth_index_high')
        -- 翻一番, 增长1倍: said in hundreds, as nobody says an index
        and y.growth_rounding <= 1 as is_like_index,
        coalesce(
            abs(growth_of_levels - y.growth_pct::double) <= parameter('growth_index_apart_pp'), false
        ) as is_growth_by_levels,
    from known.year_earlier as y
    where y.growth_pct is not null
)

select
    r.*,
    count(*) over same_file as rates,
    r.is_like_index
    and coalesce(
        abs(r.growth_of_levels + 100 - r.growth_pct::double) <= parameter('growth_index_apart_pp'), false
    ) as is_index_by_levels,
    -- a level that bears out one of the rates speaks against it
    bool_and(r.is_like_index and not r.is_growth_by_levels) over same_file and count(*) over same_file > 1
        as is_index_by_others,
from rate as r
window same_file as (partition by r.seen_by);
