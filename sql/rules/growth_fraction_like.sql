-- One row is a growth rate that is given, beside those of earlier quarters, for a fraction that wants its hundred, or a ratio.
-- zh: 一行是一个所报的增速，与以往各季的增速相对照，看是否少乘了100，或是以上年为1的比率
-- grain: submission, field, row_key
-- code: GROWTH-FRACTION-LIKE
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: F4, F5
-- version: 2026.4
-- reads: known.observation
-- title zh: 增速与以往一样是百分数，不是小数或比率
-- title en: a growth rate is in per cent as those before it are, and no fraction or ratio
-- message zh: “{title_zh}”的增速报 {growth_said}，而 {before_period} 报的是 {before_said}：像是{seems_zh}
-- message en: the growth of “{title_en}” is given as {growth_said} and was {before_said} for {before_period}: it seems to be {seems_en}
-- mend zh: 报百分数（34% 报 34，不报 0.34，也不报 1.34）；如确实增长这么少，请说明
-- mend en: give per cent (34 for 34 %, neither 0.34 nor 1.34); where growth is that low, explain
-- What the file's own growths tell is said by GROWTH-FRACTION and GROWTH-RATIO: here are files whose growths, one or two, are
-- all below 1, and those whose only growth is around 1.
with given as (
    select
        o.*,
        abs(o.growth_pct) as size,
        max(abs(o.growth_pct)) over same_file as largest,
        min(o.growth_rounding) over same_file as finest,
        count(*) over same_file as rates,
        largest >= 0.2 and largest < 1 and rates <= 2 as is_like_fraction,
        o.growth_pct between 0.5 and 2 and rates = 1 as is_like_ratio,
    from known.observation as o
    where o.is_own and o.growth_pct is not null and o.growth_pct <> 0
    window same_file as (partition by o.seen_by)
),

before as (
    select
        g.seen_by, g.indicator, g.industry, g.basis,
        min(abs(p.growth_pct)) as least,
        min(p.growth_rounding) as finest,
        arg_max(p.period, p.quarter) as period,
        arg_max(p.growth_pct, p.quarter) as growth_pct,
    from given as g
    inner join known.observation as p
        on
            g.seen_by = p.seen_by
            and same_series(g.indicator, g.industry, g.basis, p.indicator, p.industry, p.basis)
            and g.quarter > p.quarter
    where p.growth_pct is not null
    group by g.seen_by, g.indicator, g.industry, g.basis
)

select
    g.seen_by as submission, g.sheet, g.source_row,
    'growth_pct' as field,
    g.title_zh as row_key,
    if(
        b.period is null, null,
        not (g.is_like_fraction or g.is_like_ratio)
        or g.finest not between 0.009 and 0.011 or g.growth_rounding > 0.011 or b.least < 1 or b.finest < 0.011
    ) as holds,
    g.title_zh,
    g.title_en,
    plain(g.growth_pct) as growth_said,
    b.period as before_period,
    plain(b.growth_pct) as before_said,
    if(g.is_like_ratio, '以上年为 1 的比率', '小数，少乘了 100') as seems_zh,
    if(g.is_like_ratio, 'a ratio with last year at 1', 'a fraction that wants its hundred') as seems_en,
from given as g
left join before as b
    on g.seen_by = b.seen_by and same_series(g.indicator, g.industry, g.basis, b.indicator, b.industry, b.basis);
