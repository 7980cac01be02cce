-- One row is a series of whole years of which a year's figure was revised since, with the quarters as they stood when each year was first whole.
-- zh: 一行是一个有年度数修订过的指标序列：各年首次齐全时的当季数，以及现行的年度数
-- grain: zone, indicator, industry
-- unit: in the base unit of column unit
-- reads: staging.observation_vintage
-- F34 of docs/methodology.md#benchmark. A quarter is a difference inside one year of what was known on the day when its fourth quarter
-- was first known, so that no difference mixes vintages. The newest run of years without a gap counts.
create or replace view staging.benchmark_series as
with figure as (
    select
        v.zone, v.indicator, v.industry, v.unit,
        left(v.period, 4)::integer as year,
        right(v.period, 1) as quarter,
        v.value::double as value,
        v.known_from,
        v.known_until,
        v.has_open_query,
        min(if(right(v.period, 1) = '4', v.known_from, null)) over (
            partition by v.zone, v.indicator, v.industry, left(v.period, 4)
        ) as first_whole,
    from staging.observation_vintage as v
    where v.basis = 'ytd' and v.flow_type = 'flow'
),

as_first as (
    select
        f.*,
        f.known_from <= f.first_whole and coalesce(f.known_until > f.first_whole, true) as is_first,
    from figure as f
),

of_year as (
    select
        f.zone, f.indicator, f.industry, f.year,
        any_value(f.unit) as unit,
        max(f.value) filter (where f.is_first and f.quarter = '1') as y1,
        max(f.value) filter (where f.is_first and f.quarter = '2') as y2,
        max(f.value) filter (where f.is_first and f.quarter = '3') as y3,
        max(f.value) filter (where f.is_first and f.quarter = '4') as y4,
        max(f.value) filter (where f.quarter = '4' and f.known_until is null) as final,
        bool_or(f.has_open_query) as has_open_query,
    from as_first as f
    group by f.zone, f.indicator, f.industry, f.year
),

-- a ratio is of quarters above zero
whole as (
    select
        y.*,
        y.year - row_number() over (partition by y.zone, y.indicator, y.industry order by y.year) as run,
    from of_year as y
    where y.y1 > 0 and y.y2 > y.y1 and y.y3 > y.y2 and y.y4 > y.y3 and y.final > 0
),

running as (
    select
        w.zone, w.indicator, w.industry,
        any_value(w.unit) as unit,
        flatten(list([w.y1, w.y2 - w.y1, w.y3 - w.y2, w.y4 - w.y3] order by w.year)) as quarter_values,
        list(w.final order by w.year) as year_values,
        flatten(list([w.year || 'Q1', w.year || 'Q2', w.year || 'Q3', w.year || 'Q4'] order by w.year)) as periods,
        bool_or(w.final <> w.y4) as is_revised,
        bool_or(w.has_open_query) as has_open_query,
    from whole as w
    group by w.zone, w.indicator, w.industry, w.run
    qualify row_number() over (partition by w.zone, w.indicator, w.industry order by max(w.year) desc) = 1
)

select
    r.zone, r.indicator, r.industry, r.unit, r.periods, r.quarter_values, r.year_values,
    md5(
        concat_ws('|', r.zone, r.indicator, r.industry, r.periods[1], r.quarter_values::varchar, r.year_values::varchar)
    ) as series_hash,
    r.has_open_query,
from running as r
where r.is_revised;
