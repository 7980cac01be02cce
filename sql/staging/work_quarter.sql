-- One row is what a form about the work of a zone gives for a quarter, its figures side by side, with the same of earlier quarters.
-- zh: 一行是一个地区一个季度的一张工作报表，各项数并列，并带上季和上年同期的同一行
-- grain: zone, period, form
-- unit: persons, person-times, reviews, contracts, yuan or per cent as the indicator is; _rounding is the last printed digit
-- reads: staging.observation
-- A figure that the form of the row does not have is NULL. The quarter before is that of the same year.
-- noqa: disable=AM04
create or replace view staging.work_quarter as
with given as (
    select
        o.zone, o.period, o.form,
        max(o.value) filter (where o.indicator = 'jobs_new_urban') as jobs_new,
        max(o.value) filter (where o.indicator = 'employment_intentions') as intentions,
        max(o.value) filter (where o.indicator = 'vacancies') as vacancies,
        max(o.value) filter (where o.indicator = 'public_institution_recruits') as recruits,
        max(o.value) filter (where o.indicator = 'training_person_times') as training,
        max(o.value) filter (where o.indicator = 'labour_transfers') as transfers,
        max(o.value) filter (where o.indicator = 'service_reviews') as reviews,
        max(o.value) filter (where o.indicator = 'service_reviews_bad') as reviews_bad,
        max(o.value) filter (where o.indicator = 'service_reviews_rectified') as reviews_rectified,
        max(o.value) filter (where o.indicator = 'documents_cut')::double as documents_cut,
        max(o.value) filter (where o.indicator = 'steps_cut')::double as steps_cut,
        max(o.value) filter (where o.indicator = 'time_cut')::double as time_cut,
        max(o.value) filter (where o.indicator = 'insured_persons')::double as insured,
        max(o.rounding) filter (where o.indicator = 'insured_persons')::double as insured_rounding,
        max(o.value) filter (where o.indicator = 'insurance_coverage')::double as coverage_pct,
        max(o.rounding) filter (where o.indicator = 'insurance_coverage')::double as coverage_rounding,
        max(o.value) filter (where o.indicator = 'income_urban') as urban,
        max(o.value) filter (where o.indicator = 'income_rural') as rural,
        max(o.growth_reported_pct) filter (where o.indicator = 'income_urban') as growth_urban,
        max(o.growth_reported_pct) filter (where o.indicator = 'income_rural') as growth_rural,
        max(o.value) filter (where o.indicator = 'contracts_signed') as contracts_signed,
        max(o.value) filter (where o.indicator = 'contract_value') as contract_value,
        max(o.value) filter (where o.indicator = 'funds_in_place') as funds_in_place,
        bool_or(o.qualifier <> 'exact') filter (where o.indicator in ('employment_intentions', 'vacancies')) as is_qualified,
        bool_or(o.has_open_query) as has_open_query,
    from staging.observation as o
    where
        o.form in ('employment', 'government_services', 'social_insurance', 'income', 'investment_promotion')
        and o.basis <> 'plan'
        and o.industry is null
    group by o.zone, o.period, o.form
),

divided as (
    select
        g.*,
        case when g.reviews > 0 then 100 * (1 - g.reviews_bad::double / g.reviews::double) end as good_review_pct,
        case when g.reviews > 0 then 100 * g.reviews_bad::double / g.reviews::double end as bad_review_pct,
        case when g.reviews_bad > 0 then 100 * g.reviews_rectified::double / g.reviews_bad::double end
            as bad_review_rectified_pct,
        100 * g.insured / nullif(g.coverage_pct, 0) as population_implied,
        g.urban::double / nullif(g.rural, 0)::double as income_ratio,
    from given as g
)

select
    d.*,
    first_value(d) over (same_form range between 4 preceding and 4 preceding) as a_year_earlier,
    case
        when right(d.period, 1) <> '1' then first_value(d) over (same_form range between 1 preceding and 1 preceding)
    end as a_quarter_earlier,
from divided as d
window same_form as (partition by d.zone, d.form order by period_number(d.period));
