-- One row is a zone and quarter's growth of industry above the threshold beside that of the secondary sector.
-- zh: 一行是规模以上工业增加值增速与第二产业增速
-- grain: submission
-- code: PLAUS-INDUSTRY-GROWTH
-- stage: cross
-- severity: note
-- forms: main_indicators, gdp
-- subject: submission
-- source: R-plaus
-- version: 2026.1
-- reads: known.facing
-- title zh: 规模以上工业与第二产业同向增减
-- title en: industry above the threshold and the secondary sector move the same way
-- message zh: 规模以上工业增加值同比 {industry_said}%，第二产业增加值同比 {secondary_said}%，方向相反
-- message en: value added of industry above the threshold changes by {industry_said} %, the secondary sector by {secondary_said} %: opposite ways
-- mend zh: 可能是规模以下工业或建筑业所致；请核对后知悉
-- mend en: small industry or construction may explain it; check, and be aware of it
select
    f.submission, f.sheet, f.source_row,
    if(f.is_own, 'growth_pct', null) as field,
    null::varchar as row_key,
    f.left_growth_pct * f.right_growth_pct >= 0 as holds,
    f.left_growth_pct as industry_said,
    f.right_growth_pct as secondary_said,
from known.facing as f
where f.left_indicator = 'industry_va';
