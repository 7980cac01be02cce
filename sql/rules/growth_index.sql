-- One row is a growth rate that is given, beside the others of its file and beside what the levels of two years make.
-- zh: 一行是一个所报的增速，与同一报表的其他增速、与两年数值算得的增速相对照
-- grain: submission, field, row_key
-- code: GROWTH-INDEX
-- stage: form
-- severity: quarantine
-- forms: indicator
-- subject: figure
-- source: F4, F5
-- version: 2026.2
-- reads: known.growth_given, ref.rule_parameter
-- title zh: 增速是百分数的增减，不是以上年为100的指数
-- title en: growth is a change in per cent, not an index with last year at 100
-- message zh: “{title_zh}”的增速报 {growth_said}%，是以上年为100的指数：{why_zh}
-- message en: the growth of “{title_en}” is given as {growth_said} %, which is an index with last year at 100: {why_en}
-- mend zh: 减去 100 后重新报送（103.4 应报 3.4）；如确实增长这么多，请联系统计部门
-- mend en: take 100 away and send it again (103.4 is 3.4); where growth is that high, talk to the statistics department
-- It is known where all rates of a file, two at least, lie where indices do, or where the level a year earlier says so. One
-- rate among others is GROWTH-INDEX-LIKE's.
select
    g.seen_by as submission, g.sheet, g.source_row,
    'growth_pct' as field,
    g.title_zh as row_key,
    not g.is_index_by_levels and not g.is_index_by_others as holds,
    if(g.is_index_by_levels, [struct_pack(source_row := g.source_row, field := 'value')], null) as further,
    g.title_zh,
    g.title_en,
    plain(g.growth_pct) as growth_said,
    if(
        g.is_index_by_levels,
        g.year_period || '报的是 ' || g.year_said || '，本期报 ' || g.said || '，由此计算的增速是 '
        || plain(round(g.growth_of_levels, 1)) || '%',
        '所报的 ' || g.rates || ' 个增速都在 ' || plain(parameter('growth_index_low')) || ' 与 '
        || plain(parameter('growth_index_high')) || ' 之间'
    ) as why_zh,
    if(
        g.is_index_by_levels,
        g.year_said || ' was reported for ' || g.year_period || ' and ' || g.said || ' now, from which growth computes to '
        || plain(round(g.growth_of_levels, 1)) || ' %',
        'all ' || g.rates || ' growth rates of the form lie between ' || plain(parameter('growth_index_low')) || ' and '
        || plain(parameter('growth_index_high'))
    ) as why_en,
from known.growth_given as g;
