-- One row is an indicator of a zone in a quarter per head of residents and per square kilometre.
-- zh: 一行是一个地区一个季度的一个指标的人均数和每平方公里数
-- grain: zone, period, indicator
-- unit: per_head_value and per_km2_value in column unit per resident and per square kilometre
-- reads: staging.observation
-- F27 of docs/methodology.md#per-head. Residents are those of the newest year end known for the quarter; for a whole year, the mean
-- of its two ends where both are there. Nothing is interpolated between them.
create or replace view metrics.per_head as
with figure as (
    select
        o.zone, o.period, o.indicator, o.title_zh, o.title_en, o.unit, o.value,
        o.sector = 'total' or o.indicator in ('retail_sales', 'budget_revenue', 'electricity_used') as is_shown,
        case when o.indicator = 'resident_population' then o.value end as residents,
        case when o.indicator = 'land_area' then o.value end as land,
        o.has_open_query,
    from staging.observation as o
    where o.industry is null and o.basis in ('ytd', 'stock')
),

of_quarter_end as (
    select
        f.*,
        last_value(
            if(f.residents is null, null, struct_pack(r := f.residents, p := f.period, q := f.has_open_query)) ignore nulls
        ) over so_far as people,
        last_value(
            if(f.land is null, null, struct_pack(a := f.land, p := f.period, q := f.has_open_query)) ignore nulls
        ) over so_far as area,
        max(f.residents) over (
            partition by f.zone order by period_number(f.period) range between 4 preceding and 4 preceding
        ) as residents_year_earlier,
    from figure as f
    window so_far as (
        partition by f.zone order by period_number(f.period) range between unbounded preceding and current row
    )
),

divided as (
    select
        q.*,
        if(
            right(q.period, 1) = '4' and q.people.p = q.period and q.residents_year_earlier is not null,
            (q.people.r + q.residents_year_earlier) / 2, q.people.r
        )::double as residents_mean,
        -- land is kept in mu, 1,500 to the square kilometre
        q.area.a::double / 1500 as land_km2,
    from of_quarter_end as q
    where q.is_shown
)

select
    d.zone, d.period, d.indicator, d.title_zh, d.title_en, d.unit, d.value,
    d.residents_mean as residents_persons,
    d.people.p as residents_period,
    d.land_km2,
    d.value::double / nullif(d.residents_mean, 0) as per_head_value,
    d.value::double / nullif(d.land_km2, 0) as per_km2_value,
    case
        when d.value is null then 'not reported'
        when d.residents_mean is null then 'no population submitted'
        when d.residents_mean = 0 then 'base zero'
    end as per_head_reason,
    case
        when d.value is null then 'not reported'
        when d.land_km2 is null then 'no area submitted'
        when d.land_km2 = 0 then 'base zero'
    end as per_km2_reason,
    d.has_open_query or coalesce(d.people.q, false) or coalesce(d.area.q, false) as has_open_query,
from divided as d;
