-- One row is a project, contract or enterprise of a register beside its stage in the quarter before.
-- zh: 一行是一个项目、签约方或企业现在的阶段与上一季度的阶段
-- grain: submission, row_key
-- code: STAGE-BACK
-- stage: history
-- severity: query
-- forms: project_ledger, contract_ledger, cultivation_pool, policy_beneficiaries
-- subject: row
-- source: R-stage
-- version: 2026.1
-- reads: known.project_ledger, known.contract_ledger, known.cultivation_pool, known.policy_beneficiaries, known.arrival, known.code, ref.stage_rank
-- title zh: 阶段只前进，不后退
-- title en: a stage only moves forward
-- message zh: “{row_key}”报为“{stage_zh}”，而{before_period}已是“{before_zh}”
-- message en: “{row_key}” is given as “{stage_en}”, while it was “{before_en}” for {before_period}
-- mend zh: 改正阶段；若是另一个同名项目，请写明；如确有停工、退回，请说明
-- mend en: correct the stage; where another project of that name is meant say so; where it was really set back, explain
with staged as (
    select
        p.*,
        'project_ledger' as form,
        p.project as entry,
        p.stage as code,
    from known.project_ledger as p
    union all by name
    select
        c.*,
        'contract_ledger' as form,
        c.party as entry,
        c.stage as code,
    from known.contract_ledger as c
    union all by name
    select
        c.*,
        'cultivation_pool' as form,
        c.tier || ' · ' || c.enterprise as entry,
        c.status as code,
    from known.cultivation_pool as c
    union all by name
    select
        b.*,
        'policy_beneficiaries' as form,
        b.enterprise as entry,
        b.status as code,
    from known.policy_beneficiaries as b
),

ranked as (
    select
        s.*,
        r.rank, r.pause, r.column_name, c.title_zh, c.title_en,
    from staged as s
    inner join known.arrival as a on s.seen_by = a.submission and s.form = a.form
    inner join ref.stage_rank as r on s.form = r.form and s.code = r.code
    inner join known.code as c on s.form = c.form and r.column_name = c.column_name and s.code = c.code
),

-- where an entry stands twice (a party signed and to be signed), the furthest counts
before as (
    select
        r.seen_by, r.entry, r.quarter,
        any_value(r.period) as period,
        max(r.rank) as rank,
        max_by(r.title_zh, r.rank) as title_zh,
        max_by(r.title_en, r.rank) as title_en,
    from ranked as r
    group by r.seen_by, r.entry, r.quarter
)

select
    o.seen_by as submission, o.sheet, o.source_row,
    o.column_name as field,
    o.entry as row_key,
    -- a stop, and what follows it, may come at any stage
    o.rank >= b.rank or coalesce(o.pause = 'yes', false) as holds,
    o.title_zh as stage_zh,
    o.title_en as stage_en,
    b.period as before_period,
    b.title_zh as before_zh,
    b.title_en as before_en,
from ranked as o
left join before as b on o.seen_by = b.seen_by and o.entry = b.entry and b.quarter = o.quarter - 1
where o.is_own;
