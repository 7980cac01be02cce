-- One row is a zone's employment work in a quarter: persons and person-times apart, each beside a year earlier.
-- zh: 一行是一个地区一个季度的就业工作：人与人次分列，各与上年同期比较
-- grain: zone, period
-- unit: persons, person-times or places as the name says; _pct in per cent
-- reads: staging.observation
-- A person trained twice is two person-times: the two are never added. Intentions and vacancies are of the same job fairs.
create or replace view metrics.jobs as
with employment as (
    select
        o.zone,
        o.period,
        max(o.value) filter (where o.indicator = 'jobs_new_urban') as jobs,
        max(o.value) filter (where o.indicator = 'employment_intentions') as intentions,
        max(o.value) filter (where o.indicator = 'vacancies') as vacancies,
        max(o.value) filter (where o.indicator = 'public_institution_recruits') as recruits,
        max(o.value) filter (where o.indicator = 'training_person_times') as training,
        max(o.value) filter (where o.indicator = 'labour_transfers') as transfers,
        bool_or(o.qualifier <> 'exact') filter (where o.indicator in ('employment_intentions', 'vacancies')) as is_qualified,
    from staging.observation as o
    where o.form = 'employment' and o.industry is null
    group by o.zone, o.period
),

looked_back as (
    select
        e.*,
        quarters_earlier(e, e.zone, e.period, 4) as y,
        if(right(e.period, 1) = '1', null, quarters_earlier(e, e.zone, e.period, 1)) as p,
    from employment as e
)

select
    e.zone,
    e.period,
    e.jobs::bigint as jobs_new_persons,
    if(right(e.period, 1) = '1', e.jobs, e.jobs - e.p.jobs)::bigint as jobs_new_quarter_persons,
    e.y.jobs::bigint as jobs_new_year_earlier_persons,
    growth_pct(e.jobs, e.y.jobs) as jobs_new_growth_pct,
    e.intentions::bigint as intentions_persons,
    e.vacancies::bigint as vacancies_offered,
    100 * e.intentions::double / nullif(e.vacancies, 0)::double as intentions_per_vacancy_pct,
    e.recruits::bigint as recruits_persons,
    e.training::bigint as training_person_times,
    e.y.training::bigint as training_year_earlier_person_times,
    growth_pct(e.training, e.y.training) as training_growth_pct,
    e.transfers::bigint as transfers_person_times,
    e.y.transfers::bigint as transfers_year_earlier_person_times,
    growth_pct(e.transfers, e.y.transfers) as transfers_growth_pct,
    coalesce(e.is_qualified, false) as is_qualified,
    case
        when e.jobs is null then 'not reported'
        when right(e.period, 1) <> '1' and e.p.jobs is null then 'no prior YTD'
    end as quarter_reason,
    why_no_growth(e.jobs, e.y.jobs) as jobs_new_growth_reason,
    case
        when e.vacancies = 0 then 'base zero'
        when e.intentions is null or e.vacancies is null then 'not reported'
    end as intentions_reason,
    why_no_growth(e.training, e.y.training) as training_growth_reason,
    why_no_growth(e.transfers, e.y.transfers) as transfers_growth_reason,
from looked_back as e;
