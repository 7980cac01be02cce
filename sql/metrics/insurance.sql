-- One row is a zone's insured persons and coverage in a quarter, with the population that the two imply.
-- zh: 一行是一个地区一个季度的参保人数、参保率，以及两者推算的应参保人口
-- grain: zone, period
-- unit: persons; _pct in per cent, _pp in percentage points
-- reads: staging.work_quarter
-- Stocks and rates at the end of the quarter: never differenced into quarters, never added. The implied population lies
-- between the bounds that the printed digits of both leave open (R-cross).
create or replace view metrics.insurance as
with bounded as (
    select
        w.*,
        case
            when w.coverage_pct > 0
                then 100 * (w.insured - w.insured_rounding / 2) / (w.coverage_pct + w.coverage_rounding / 2)
        end as population_least,
        case
            when w.coverage_pct > w.coverage_rounding / 2
                then 100 * (w.insured + w.insured_rounding / 2) / (w.coverage_pct - w.coverage_rounding / 2)
        end as population_most,
    from staging.work_quarter as w
    where w.form = 'social_insurance'
)

select
    i.zone,
    i.period,
    i.insured::bigint as insured_persons,
    i.a_year_earlier.insured::bigint as insured_year_earlier_persons,
    growth_pct(i.insured, i.a_year_earlier.insured) as insured_growth_pct,
    i.coverage_pct,
    i.coverage_pct - i.a_year_earlier.coverage_pct as coverage_change_pp,
    round(i.population_implied)::bigint as population_implied_persons,
    ceil(i.population_least)::bigint as population_implied_least_persons,
    floor(i.population_most)::bigint as population_implied_most_persons,
    growth_pct(i.population_implied, i.a_year_earlier.population_implied) as population_implied_growth_pct,
    case
        when i.coverage_pct = 0 then 'base zero'
        when i.population_implied is null then 'not reported'
    end as population_reason,
    why_no_growth(i.insured, i.a_year_earlier.insured) as insured_growth_reason,
    i.has_open_query or coalesce(i.a_year_earlier.has_open_query, false) as has_open_query,
from bounded as i;
