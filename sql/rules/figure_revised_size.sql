-- One row is a figure of a revision beside the figure that it replaces.
-- zh: 一行是修订件中的一个指标值，以及它所替代的数
-- grain: submission, field, row_key
-- code: FIGURE-REVISED-SIZE
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-rev
-- version: 2026.3
-- reads: known.replaced, known.focus, known.figure, known.indicator, ref.rule_parameter
-- title zh: 修订前后相差不超过十倍
-- title en: a revision is within ten times of what it replaces, either way
-- message zh: “{title_zh}”改报 {said}，原报 {before_said}（{path}）：相差 {times_said} 倍，请核对计量单位
-- message en: “{title_en}” is now given as {said} and was {before_said} ({path}): {times_said} times; check the unit
-- mend zh: 核对计量单位（元、万元、亿元；人、万人）；若原报的单位有误，请说明
-- mend en: check the unit (元, 万元, 亿元; 人, 万人); where it was wrong before and is right now, say so
-- Which of the two is right nobody knows here: it is asked about, never held, so that a unit can be corrected.
select
    r.seen_by as submission,
    a.sheet, a.source_row,
    'value' as field,
    i.title_zh as row_key,
    greatest(a.value / b.value, b.value / a.value) <= parameter('magnitude_ask')
    or (i.is_count and greatest(a.value, b.value) < parameter('least_count')) as holds,
    i.title_zh, i.title_en, r.path,
    fixed(a.value_reported, a.decimals_reported) || ' ' || a.unit_reported as said,
    fixed(b.value_reported, b.decimals_reported) || ' ' || b.unit_reported as before_said,
    plain(round(greatest(a.value / b.value, b.value / a.value), 0)) as times_said,
from known.replaced as r
inner join known.focus as k on r.seen_by = k.submission
inner join known.figure as a on r.seen_by = a.submission
inner join known.figure as b
    on
        r.submission = b.submission
        and same_series(a.indicator, a.industry, a.basis, b.indicator, b.industry, b.basis)
inner join known.indicator as i on a.indicator = i.indicator and a.industry is not distinct from i.industry
where a.value > 0 and b.value > 0;
