-- One row is a submission that replaces one accepted before, with what it moves.
-- zh: 一行是一份替代以前报送的修订件，以及它改动了什么
-- grain: submission
-- code: REVISION-REASON
-- stage: history
-- severity: query
-- forms: indicator, register
-- subject: submission
-- source: R-rev
-- version: 2026.1
-- reads: known.replaced, known.focus, known.figure, known.indicator, known.entry_change
-- title zh: 改动已受理的数，要说明原因
-- title en: a change of what was accepted before has its reason
-- message zh: 与已受理的“{replaced_path}”相比，改动 {changes} 处：{listed_zh}
-- message en: {changes} changes from “{replaced_path}”, accepted before: {listed_en}
-- mend zh: 请说明修订原因（更正差错、核实数据、口径调整、普查修订等）
-- mend en: give the reason of the revision (an error, verified data, another scope, a census)
with side as (
    select
        r.seen_by,
        unnest([r.submission, r.seen_by]) as submission,
    from known.replaced as r
    inner join known.focus as k on r.seen_by = k.submission
),

given as (
    select
        s.seen_by,
        f.*,
    from side as s
    inner join known.figure as f on s.submission = f.submission
),

before as (
    select g.*, from given as g
    where g.submission <> g.seen_by
),

after as (
    select g.*, from given as g
    where g.submission = g.seen_by
),

figure as (
    select
        coalesce(a.seen_by, b.seen_by) as seen_by,
        coalesce(a.indicator, b.indicator) as indicator,
        coalesce(a.industry, b.industry) as industry,
        coalesce(a.source_row, b.source_row) as source_row,
        coalesce(a.value <> b.value, (a.value is null) <> (b.value is null)) as is_level,
        abs(a.value::double - b.value::double) / nullif(abs(b.value::double), 0) * 100 as change_pct,
        abs(a.growth_reported_pct::double - b.growth_reported_pct::double) as change_pp,
        coalesce(fixed(b.value_reported, b.decimals_reported) || ' ' || b.unit_reported, '—') as level_before,
        coalesce(fixed(a.value_reported, a.decimals_reported) || ' ' || a.unit_reported, '—') as level_after,
        coalesce(plain(b.growth_reported_pct) || '%', '—') as growth_before,
        coalesce(plain(a.growth_reported_pct) || '%', '—') as growth_after,
    from after as a
    full join before as b
        on
            a.seen_by = b.seen_by
            and same_series(a.indicator, a.industry, a.basis, b.indicator, b.industry, b.basis)
    where a.value is distinct from b.value or a.growth_reported_pct is distinct from b.growth_reported_pct
),

moved as (
    select
        f.seen_by,
        if(f.is_level, f.level_before || ' → ' || f.level_after, f.growth_before || ' → ' || f.growth_after) as step,
        i.title_zh || ' ' || step as said_zh,
        i.title_en || ' ' || step as said_en,
        coalesce(f.change_pct, f.change_pp, 100) as size,
    from figure as f
    inner join known.indicator as i on f.indicator = i.indicator and f.industry is not distinct from i.industry
),

change as (
    select
        m.seen_by,
        count(*) as changes,
        array_to_string(list(m.said_zh order by m.size desc, m.said_zh asc)[1:5], '；')
        || if(count(*) > 5, '；……', '') as listed_zh,
        array_to_string(list(m.said_en order by m.size desc, m.said_en asc)[1:5], '; ')
        || if(count(*) > 5, '; …', '') as listed_en,
    from moved as m
    group by m.seen_by
    union all by name
    select
        e.seen_by,
        e.rows_added + e.rows_changed + e.rows_dropped as changes,
        '新增 ' || e.rows_added || ' 行，改动 ' || e.rows_changed || ' 行，删去 ' || e.rows_dropped || ' 行' as listed_zh,
        e.rows_added || ' rows added, ' || e.rows_changed || ' changed, ' || e.rows_dropped || ' dropped' as listed_en,
    from known.entry_change as e
    inner join known.focus as k on e.seen_by = k.submission
)

select
    r.seen_by as submission,
    null::varchar as sheet, null::integer as source_row, null::varchar as field, null::varchar as row_key,
    coalesce(c.changes, 0) = 0 as holds,
    r.path as replaced_path,
    coalesce(c.changes, 0) as changes,
    c.listed_zh,
    c.listed_en,
from known.replaced as r
inner join known.focus as k on r.seen_by = k.submission
left join change as c on r.seen_by = c.seen_by;
