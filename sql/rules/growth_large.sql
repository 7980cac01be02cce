-- One row is a growth rate that is given, for one that is too large for an ordinary quarter.
-- zh: 一行是一个所报的增速，看是否大得反常
-- grain: submission, field, row_key
-- code: GROWTH-LARGE
-- stage: form
-- severity: query
-- forms: indicator
-- subject: figure
-- source: F4, F5
-- version: 2026.3
-- reads: known.growth_given, ref.rule_parameter
-- title zh: 增速不超过寻常
-- title en: a growth rate is no larger than is ordinary
-- message zh: “{title_zh}”的增速报 {growth_said}%，超过 {most}%，像是漏了小数点，或填了别的数
-- message en: the growth of “{title_en}” is given as {growth_said} %, beyond {most} %: a decimal point left out, or another figure
-- mend zh: 核对小数点和是否填错栏；确实增长这么多的，请说明
-- mend en: check the decimal point and the column; where growth is that high, explain
-- A level a year earlier that bears the rate out, and one said in hundreds (增长3.6倍), answer for it.
select
    g.seen_by as submission, g.sheet, g.source_row,
    'growth_pct' as field,
    g.title_zh as row_key,
    abs(g.growth_pct) <= parameter('growth_ask_pct') or g.is_growth_by_levels or g.growth_rounding > 1 as holds,
    g.title_zh,
    g.title_en,
    plain(g.growth_pct) as growth_said,
    parameter('growth_ask_pct') as most,
from known.growth_given as g;
