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
)

select
    e.zone,
    e.period,
    e.jobs::bigint as jobs_new_persons,
    if(right(e.period, 1) = '1', e.jobs, e.jobs - p.jobs)::bigint as jobs_new_quarter_persons,
    y.jobs::bigint as jobs_new_year_earlier_persons,
    growth_pct(e.jobs, y.jobs) as jobs_new_growth_pct,
    e.intentions::bigint as intentions_persons,
    e.vacancies::bigint as vacancies_offered,
    100 * e.intentions::double / nullif(e.vacancies, 0)::double as intentions_per_vacancy_pct,
    e.recruits::bigint as recruits_persons,
    e.training::bigint as training_person_times,
    y.training::bigint as training_year_earlier_person_times,
    growth_pct(e.training, y.training) as training_growth_pct,
    e.transfers::bigint as transfers_person_times,
    y.transfers::bigint as transfers_year_earlier_person_times,
    growth_pct(e.transfers, y.transfers) as transfers_growth_pct,
    coalesce(e.is_qualified, false) as is_qualified,
    case
        when e.jobs is null then 'not reported'
        when right(e.period, 1) <> '1' and p.jobs is null then 'no prior YTD'
    end as quarter_reason,
    why_no_growth(e.jobs, y.jobs) as jobs_new_growth_reason,
    case
        when e.vacancies = 0 then 'base zero'
        when e.intentions is null or e.vacancies is null then 'not reported'
    end as intentions_reason,
    why_no_growth(e.training, y.training) as training_growth_reason,
    why_no_growth(e.transfers, y.transfers) as transfers_growth_reason,
from employment as e
left join employment as y on e.zone = y.zone and y.period = period_year_earlier(e.period)
left join employment as p on e.zone = p.zone and p.period = period_previous(e.period);
