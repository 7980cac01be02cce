-- One row is a stage of a zone's key projects in a quarter: how many, their investment, and how many are behind time.
-- zh: 一行是一个地区一个季度重点项目的一个建设阶段：个数、计划与完成投资、滞后个数
-- grain: zone, period, stage
-- unit: count of projects; _cny in yuan; _pct in per cent
-- reads: staging.project_ledger, staging.current_submission, ref.stage_rank
-- A project is behind where the date of its next milestone, or of its start while it has not started, has passed by the
-- end of the quarter. Completion compares the projects alone that give both investments.
create or replace view metrics.project_pipeline as
with project as (
    select
        p.*,
        r.rank,
        p.investment_planned_cny is not null and p.investment_completed_cny is not null as has_both,
        coalesce(p.next_milestone_date, if(p.stage in ('planned', 'planned_start'), p.start_date, null)) as due_date,
        (make_date(left(p.period, 4)::integer, right(p.period, 1)::integer * 3, 1) + interval 1 month)::date as quarter_after,
    from staging.project_ledger as p
    left join ref.stage_rank as r on r.form = 'project_ledger' and r.column_name = 'stage' and p.stage = r.code
),

staged as (
    select
        p.zone, p.period, p.stage,
        any_value(p.rank) as rank,
        count(*) as projects,
        sum(p.investment_planned_cny) as planned,
        sum(p.investment_completed_cny) as completed,
        sum(p.investment_completed_cny) filter (where p.has_both) as completed_of_both,
        sum(p.investment_planned_cny) filter (where p.has_both) as planned_of_both,
        count(*) filter (where p.has_both) as projects_with_both,
        count(p.due_date) as projects_dated,
        count(*) filter (where p.due_date < p.quarter_after) as overdue,
        string_agg(p.project, '、' order by p.project) filter (where p.due_date < p.quarter_after) as overdue_names,
        bool_or(p.has_open_query) as has_open_query,
    from project as p
    group by p.zone, p.period, p.stage
),

ledger as (
    select
        s.zone,
        s.period,
    from staging.current_submission as s
    where s.form = 'project_ledger'
)

select
    s.zone, s.period, s.stage, s.rank, s.projects,
    if(l.zone is null, null, coalesce(y.projects, 0)) as projects_year_earlier,
    s.planned::decimal(28, 2) as investment_planned_cny,
    s.completed::decimal(28, 2) as investment_completed_cny,
    percent_of(s.completed_of_both, s.planned_of_both) as completion_pct,
    s.projects_with_both,
    s.projects_dated,
    if(s.projects_dated = 0, null, s.overdue) as projects_delayed,
    s.overdue_names as projects_delayed_names,
    case
        when s.projects_with_both = 0 then 'no project gives both investments'
        when s.planned_of_both = 0 then 'base zero'
    end as completion_reason,
    if(s.projects_dated = 0, 'no project gives a date', null) as delay_reason,
    if(l.zone is null, 'no ledger a year earlier', null) as year_earlier_reason,
    s.has_open_query or coalesce(y.has_open_query, false) as has_open_query,
from staged as s
left join ledger as l on s.zone = l.zone and l.period = period_year_earlier(s.period)
left join staged as y on s.zone = y.zone and s.stage = y.stage and y.period = period_year_earlier(s.period)
order by s.zone, s.period, s.rank, s.stage;
