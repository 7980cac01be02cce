-- One row is a register beside the one of the quarter before: is everybody still there?
-- zh: 一行是一份名录与上一季度的名录，看是否都在
-- grain: submission
-- code: ENTRY-DROPPED
-- stage: history
-- severity: query
-- forms: register
-- subject: submission
-- source: R-key
-- version: 2026.1
-- reads: known.entry, known.held_entry, known.arrival, known.focus
-- title zh: 上一季度名录中的单位、项目都在
-- title en: whoever was on the list of the quarter before is on this one
-- message zh: {before_period}名录中的 {dropped} 个没有出现：{names}
-- message en: {dropped} of the list of {before_period} are not there: {names}
-- mend zh: 漏报的补上；退出、注销、完结的，写明去向（状态）或说明
-- mend en: add those left out; where they have left, closed or finished give their status or explain
with here as (
    select distinct
        e.seen_by,
        e.entry,
    from known.entry as e
    where e.is_own
),

gone as (
    select
        a.submission,
        count(b.entry) as entries,
        any_value(b.period) as before_period,
        count(distinct b.entry) filter (where h.entry is null and k.entry_key is null) as dropped,
        list(distinct b.entry_name) filter (where h.entry is null and k.entry_key is null) as names,
    from known.arrival as a
    inner join known.focus as f on a.submission = f.submission
    inner join known.entry as b on a.submission = b.seen_by and a.form = b.form and b.quarter = a.quarter - 1
    left join here as h on b.seen_by = h.seen_by and b.entry = h.entry
    -- who is sent and held is not left out
    left join known.held_entry as k on a.submission = k.submission and upper(b.entry_key) = k.entry_key
    -- contracts, payments and what was approved are listed by the year; enterprises and projects go on
    where left(a.period, 4) = left(b.period, 4) or a.form in ('enterprise_quarter', 'project_ledger')
    group by a.submission
)

select
    a.submission,
    null::varchar as sheet, null::integer as source_row, null::varchar as field, null::varchar as row_key,
    g.dropped = 0 as holds,
    g.before_period,
    g.dropped,
    array_to_string(list_sort(g.names)[1:10], '、') || if(g.dropped > 10, '……', '') as names,
from known.arrival as a
inner join known.focus as f on a.submission = f.submission
left join gone as g on a.submission = g.submission
where a.kind = 'register';
