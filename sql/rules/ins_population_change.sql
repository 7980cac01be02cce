-- One row is the population that insured persons and coverage imply, beside that of the quarter before.
-- zh: 一行是由参保人数和参保率推算的应参保人口，与上一季度的推算数
-- grain: submission
-- code: INS-POPULATION-CHANGE
-- stage: history
-- severity: query
-- forms: social_insurance
-- subject: figure
-- source: R-cross
-- version: 2026.1
-- reads: known.observation, ref.rule_parameter
-- title zh: 推算的应参保人口各季度稳定
-- title en: the population that insurance implies is stable over quarters
-- message zh: 参保人数 {persons_said}、参保率 {rate_said}，推算应参保人口 {population} 人（{lowest} 至 {highest}），{before_period}推算为 {before_population} 人
-- message en: insured persons {persons_said} at {rate_said} imply a population of {population} ({lowest} to {highest}); for {before_period} it was {before_population}
-- mend zh: 核对参保人数、参保率和应参保人口；如人口或统计范围有变动，请说明
-- mend en: check persons, rate and population; where the population or its scope has changed, explain
with population as (
    select
        o.seen_by, o.quarter, o.period,
        bool_and(o.is_own) as is_own,
        max(o.sheet) filter (where o.indicator = 'insured_persons') as sheet,
        max(o.source_row) filter (where o.indicator = 'insured_persons') as source_row,
        max(o.source_row) filter (where o.indicator = 'insurance_coverage') as rate_row,
        max(o.said) filter (where o.indicator = 'insured_persons') as persons_said,
        max(o.said) filter (where o.indicator = 'insurance_coverage') as rate_said,
        max(o.value) filter (where o.indicator = 'insured_persons')::double as persons,
        max(o.rounding) filter (where o.indicator = 'insured_persons')::double / 2 as persons_half,
        max(o.value) filter (where o.indicator = 'insurance_coverage' and o.value > 0)::double / 100 as rate,
        max(o.rounding) filter (where o.indicator = 'insurance_coverage')::double / 200 as rate_half,
    from known.observation as o
    where o.form = 'social_insurance'
    group by o.seen_by, o.quarter, o.period
),

bound as (
    select
        p.*,
        p.persons / p.rate as middle,
        (p.persons - p.persons_half) / (p.rate + p.rate_half) as low,
        if(p.rate > p.rate_half, (p.persons + p.persons_half) / (p.rate - p.rate_half), null) as high,
    from population as p
)

select
    o.seen_by as submission, o.sheet, o.source_row,
    'value' as field,
    '参保人数' as row_key,
    o.high >= b.low * (1 - parameter('population_change_pct') / 100)
    and o.low <= b.high * (1 + parameter('population_change_pct') / 100) as holds,
    [struct_pack(source_row := o.rate_row, field := 'value')] as further,
    o.persons_said,
    o.rate_said,
    round(o.middle)::bigint as population,
    round(o.low)::bigint as lowest,
    round(o.high)::bigint as highest,
    b.period as before_period,
    round(b.middle)::bigint as before_population,
from bound as o
left join bound as b on o.seen_by = b.seen_by and b.quarter = o.quarter - 1
where o.is_own;
