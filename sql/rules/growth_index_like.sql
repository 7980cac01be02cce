-- One row is a growth rate that is given, for one that may be an index.
-- zh: 一行是一个所报的增速，看是否可能是指数
-- grain: submission, field, row_key
-- code: GROWTH-INDEX-LIKE
-- stage: form
-- severity: query
-- forms: indicator
-- subject: figure
-- source: F4, F5
-- version: 2026.2
-- reads: known.growth_given, ref.rule_parameter
-- title zh: 增速不像以上年为100的指数
-- title en: a growth rate does not look like an index with last year at 100
-- message zh: “{title_zh}”的增速报 {growth_said}%，在 {low} 与 {high} 之间，像是以上年为100的指数
-- message en: the growth of “{title_en}” is given as {growth_said} %, between {low} and {high}: it looks like an index with last year at 100
-- mend zh: 是指数的，减去 100 后重新报送（95 应报 -5）；确实增长这么多的，请说明
-- mend en: where it is an index take 100 away and send it again (95 is -5); where growth is that high, explain
-- What is known to be an index is held by GROWTH-INDEX, and is not here any more.
select
    g.seen_by as submission, g.sheet, g.source_row,
    'growth_pct' as field,
    g.title_zh as row_key,
    g.growth_pct not between parameter('growth_index_ask_low') and parameter('growth_index_ask_high')
    or g.is_growth_by_levels
    -- 翻一番, 增长1倍: said in hundreds, as nobody says an index
    or g.growth_rounding > 1 as holds,
    g.title_zh,
    g.title_en,
    plain(g.growth_pct) as growth_said,
    parameter('growth_index_ask_low') as low,
    parameter('growth_index_ask_high') as high,
from known.growth_given as g;
