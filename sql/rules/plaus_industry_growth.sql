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
-- reads: known.observation, known.arrival, known.focus
-- title zh: 规模以上工业与第二产业同向增减
-- title en: industry above the threshold and the secondary sector move the same way
-- message zh: 规模以上工业增加值同比 {industry_said}%，第二产业增加值同比 {secondary_said}%，方向相反
-- message en: value added of industry above the threshold changes by {industry_said} %, the secondary sector by {secondary_said} %: opposite ways
-- mend zh: 可能是规模以下工业或建筑业所致；请核对后知悉
-- mend en: small industry or construction may explain it; check, and be aware of it
select
    a.submission,
    -- the cell of whichever is its own
    if(l.is_own, l.sheet, if(r.is_own, r.sheet, null)) as sheet,
    if(l.is_own, l.source_row, if(r.is_own, r.source_row, null)) as source_row,
    if(l.is_own or r.is_own, 'growth_pct', null) as field,
    null::varchar as row_key,
    l.growth_pct * r.growth_pct >= 0 as holds,
    l.growth_pct as industry_said,
    r.growth_pct as secondary_said,
from known.arrival as a
inner join known.focus as f on a.submission = f.submission
left join known.observation as l on a.submission = l.seen_by and a.period = l.period and l.indicator = 'industry_va'
left join known.observation as r on a.submission = r.seen_by and a.period = r.period and r.indicator = 'va_secondary';
