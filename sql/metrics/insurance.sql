-- One row is a zone's insured persons and coverage in a quarter, with the population that the two imply.
-- zh: 一行是一个地区一个季度的参保人数、参保率，以及两者推算的应参保人口
-- grain: zone, period
-- unit: persons; _pct in per cent, _pp in percentage points
-- reads: staging.observation
-- Stocks and rates at the end of the quarter: never differenced into quarters, never added. The implied population lies
-- between the bounds that the printed digits of both leave open (R-cross).
create or replace view metrics.insurance as
with insured as (
    select
        o.zone,
        o.period,
        max(o.value) filter (where o.indicator = 'insured_persons')::double as persons,
        max(o.rounding) filter (where o.indicator = 'insured_persons')::double as persons_rounding,
        max(o.value) filter (where o.indicator = 'insurance_coverage')::double as coverage,
        max(o.rounding) filter (where o.indicator = 'insurance_coverage')::double as coverage_rounding,
    from staging.observation as o
    where o.form = 'social_insurance' and o.industry is null
    group by o.zone, o.period
),

implied as (
    select
        i.*,
        100 * i.persons / nullif(i.coverage, 0) as population,
        case when i.coverage > 0 then 100 * (i.persons - i.persons_rounding / 2) / (i.coverage + i.coverage_rounding / 2) end
            as population_least,
        case
            when i.coverage > i.coverage_rounding / 2
                then 100 * (i.persons + i.persons_rounding / 2) / (i.coverage - i.coverage_rounding / 2)
        end as population_most,
    from insured as i
),

looked_back as (
    select
        i.*,
        quarters_earlier(i, i.zone, i.period, 4) as y,
    from implied as i
)

select
    i.zone,
    i.period,
    i.persons::bigint as insured_persons,
    i.y.persons::bigint as insured_year_earlier_persons,
    growth_pct(i.persons, i.y.persons) as insured_growth_pct,
    i.coverage as coverage_pct,
    i.coverage - i.y.coverage as coverage_change_pp,
    round(i.population)::bigint as population_implied_persons,
    ceil(i.population_least)::bigint as population_implied_least_persons,
    floor(i.population_most)::bigint as population_implied_most_persons,
    growth_pct(i.population, i.y.population) as population_implied_growth_pct,
    case
        when i.coverage = 0 then 'base zero'
        when i.population is null then 'not reported'
    end as population_reason,
    why_no_growth(i.persons, i.y.persons) as insured_growth_reason,
from looked_back as i;
