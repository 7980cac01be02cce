-- One row is a submission with the growth rates that it gives.
-- zh: 一行是一份报表所报的各项增速
-- grain: submission
-- code: GROWTH-INDEX
-- stage: form
-- severity: query
-- forms: indicator
-- subject: submission
-- source: F4, F5
-- version: 2026.1
-- reads: known.year_earlier, ref.rule_parameter
-- title zh: 增速是百分数的增减，不是以上年为100的指数
-- title en: growth is a change in per cent, not an index with last year at 100
-- message zh: 所报的 {rates} 个增速都在 {low} 与 {high} 之间（{said}），像是上年为100的指数
-- message en: all {rates} growth rates lie between {low} and {high} ({said}): they look like indices with last year at 100
-- mend zh: 减去 100 后重新报送（103.4 应报 3.4）；如确实增长这么多，请说明
-- mend en: take 100 away and send it again (103.4 is 3.4); where growth is that high, explain
-- A single rate in that range is asked about where the level a year earlier says that it is an index.
with rate as (
    select
        y.seen_by,
        y.sheet,
        y.source_row,
        y.growth_pct,
        y.growth_pct between parameter('growth_index_low') and parameter('growth_index_high') as is_like_index,
        abs(y.value::double / nullif(y.year_value::double, 0) * 100 - y.growth_pct::double)
        <= parameter('growth_index_apart_pp') as is_index,
    from known.year_earlier as y
    where y.growth_pct is not null
)

select
    r.seen_by as submission,
    any_value(r.sheet) as sheet,
    min(r.source_row) as source_row,
    'growth_pct' as field,
    null::varchar as row_key,
    case
        when not bool_and(r.is_like_index) then true
        when count(*) > 1 then false
        else not bool_or(r.is_index)
    end as holds,
    count(*) as rates,
    parameter('growth_index_low') as low,
    parameter('growth_index_high') as high,
    array_to_string(list(plain(r.growth_pct) order by r.source_row)[1:5], '、') as said,
from rate as r
group by r.seen_by;
