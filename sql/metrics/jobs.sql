-- One row is a zone's employment work in a quarter: persons and person-times apart, each beside a year earlier.
-- zh: 一行是一个地区一个季度的就业工作：人与人次分列，各与上年同期比较
-- grain: zone, period
-- unit: persons, person-times or places as the name says; _pct in per cent
-- reads: staging.work_quarter
-- A person trained twice is two person-times: the two are never added. Intentions and vacancies are of the same job fairs.
create or replace view metrics.jobs as
select
    e.zone,
    e.period,
    e.jobs_new::bigint as jobs_new_persons,
    if(right(e.period, 1) = '1', e.jobs_new, e.jobs_new - e.a_quarter_earlier.jobs_new)::bigint as jobs_new_quarter_persons,
    e.a_year_earlier.jobs_new::bigint as jobs_new_year_earlier_persons,
    growth_pct(e.jobs_new, e.a_year_earlier.jobs_new) as jobs_new_growth_pct,
    e.intentions::bigint as intentions_persons,
    e.vacancies::bigint as vacancies_offered,
    percent_of(e.intentions, e.vacancies) as intentions_per_vacancy_pct,
    e.recruits::bigint as recruits_persons,
    e.training::bigint as training_person_times,
    e.a_year_earlier.training::bigint as training_year_earlier_person_times,
    growth_pct(e.training, e.a_year_earlier.training) as training_growth_pct,
    e.transfers::bigint as transfers_person_times,
    e.a_year_earlier.transfers::bigint as transfers_year_earlier_person_times,
    growth_pct(e.transfers, e.a_year_earlier.transfers) as transfers_growth_pct,
    coalesce(e.is_qualified, false) as is_qualified,
    case
        when e.jobs_new is null then 'not reported'
        when right(e.period, 1) <> '1' and e.a_quarter_earlier.jobs_new is null then 'no prior YTD'
    end as quarter_reason,
    why_no_growth(e.jobs_new, e.a_year_earlier.jobs_new) as jobs_new_growth_reason,
    case
        when e.vacancies = 0 then 'base zero'
        when e.intentions is null or e.vacancies is null then 'not reported'
    end as intentions_reason,
    why_no_growth(e.training, e.a_year_earlier.training) as training_growth_reason,
    why_no_growth(e.transfers, e.a_year_earlier.transfers) as transfers_growth_reason,
    e.has_open_query
    or coalesce(e.a_year_earlier.has_open_query, false)
    or coalesce(e.a_quarter_earlier.has_open_query, false) as has_open_query,
from staging.work_quarter as e
where e.form = 'employment';
