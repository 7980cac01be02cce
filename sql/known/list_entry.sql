-- One row is an entity on a list that an indicator counts.
-- zh: 一行是某个计数指标所对应名录中的一个单位或项目
-- grain: seen_by, indicator, entry
-- unit: none
-- reads: known.cultivation_pool, known.project_ledger, known.contract_ledger, known.arrival, ref.list_count
-- Which list goes with which indicator, and whether it is closed, stands in sql/reference/list_count.csv.
create or replace view known.list_entry as
with listed as (
    select
        p.seen_by, p.is_own, p.period,
        'cultivation_pool' as form,
        p.tier as code,
        p.enterprise as entry,
    from known.cultivation_pool as p
    where p.status <> 'exited'
    union all
    select
        l.seen_by, l.is_own, l.period,
        'project_ledger' as form,
        l.domain as code,
        l.project as entry,
    from known.project_ledger as l
    union all
    select
        c.seen_by, c.is_own, c.period,
        'contract_ledger' as form,
        c.stage as code,
        c.party as entry,
    from known.contract_ledger as c
)

select
    l.seen_by, l.is_own, t.indicator, t.coverage, l.form, l.entry,
from listed as l
inner join known.arrival as a on l.seen_by = a.submission and l.period = a.period
inner join ref.list_count as t on l.form = t.form and (t.code is null or l.code = t.code);
