-- One row is a project that is new in the ledger since the quarter before, or an enterprise that has passed the threshold since.
-- zh: 一行是与上一季度台账相比新增的一个重点项目，或升规的一家企业
-- grain: zone, period, register_change, entry_name, uscc
-- unit: changes as text: how many there are of the kind
-- reads: staging.project_ledger, staging.current_submission, metrics.enterprise_event, staging.enterprise_quarter
-- Where the quarter before sent no ledger nothing is known to be new.
create or replace view metrics.bulletin_register_change as
with new_project as (
    select
        p.zone,
        p.period,
        'project new' as register_change,
        p.project as entry_name,
        null as uscc,
        p.submission,
        c.submission as submission_before,
        p.has_open_query,
    from staging.project_ledger as p
    inner join staging.current_submission as c
        on p.zone = c.zone and c.form = 'project_ledger' and c.period = period_previous(p.period)
    left join staging.project_ledger as b
        on p.zone = b.zone and p.project = b.project and b.period = period_previous(p.period)
    where b.submission is null
),

risen as (
    select
        e.zone,
        e.period,
        'enterprise above threshold' as register_change,
        e.enterprise as entry_name,
        e.uscc,
        q.submission,
        c.submission as submission_before,
        false as has_open_query,
    from metrics.enterprise_event as e
    inner join staging.enterprise_quarter as q on e.zone = q.zone and e.period = q.period and e.uscc = q.uscc
    inner join staging.current_submission as c
        on e.zone = c.zone and c.form = 'enterprise_quarter' and c.period = period_previous(e.period)
    where e.event = 'rose'
),

changed as (
    select n.*,
    from new_project as n
    union all by name
    select r.*,
    from risen as r
)

select
    c.zone, c.period, c.register_change, c.entry_name, c.uscc,
    count(*) over (partition by c.zone, c.period, c.register_change)::varchar as changes,
    c.submission, c.submission_before, c.has_open_query,
from changed as c
order by c.zone, c.period, c.register_change, c.entry_name, c.uscc;
