-- One row is a figure of a zone beside the same figure of the zone above it.
-- zh: 一行是一个地区的指标值与上级地区的同一指标值
-- grain: submission, field, row_key
-- code: PARENT-EXCEEDED
-- stage: cross
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-mirror
-- version: 2026.1
-- reads: known.observation, known.elsewhere
-- title zh: 地区的总量不大于上级地区
-- title en: a total of a zone is no more than that of the zone above it
-- message zh: “{title_zh}”报 {said}，大于上级地区（{parent}）的 {parent_said}
-- message en: “{title_en}” is given as {said}, more than that of the zone above ({parent}), {parent_said}
-- mend zh: 核对计量单位和统计范围；两边都要核对
-- mend en: check unit and coverage, on both sides
select
    o.seen_by as submission, o.sheet, o.source_row,
    'value' as field,
    o.title_zh as row_key,
    o.value <= e.value as holds,
    o.title_zh, o.title_en, o.said,
    e.zone as parent,
    say(e.value, o.factor, o.unit_reported) as parent_said,
from known.observation as o
inner join known.elsewhere as e
    on
        o.seen_by = e.seen_by
        and o.period = e.period
        and same_series(o.indicator, o.industry, o.basis, e.indicator, e.industry, e.basis)
where
    o.is_own
    and e.is_parent
    and o.flow_type <> 'rate'
    and o.basis <> 'plan'
    and (o.sector is not null or o.industry is not null)
