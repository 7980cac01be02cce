-- One row is a series of quarters that is long enough for seasonal adjustment, with its quarters in order.
-- zh: 一行是一个够长、可以作季节调整的当季数序列
-- grain: zone, indicator, industry, basis, price_basis
-- unit: quarter_values in the base unit of the indicator; at constant prices in those of the chain's base year
-- reads: staging.series_figure, staging.chained_series, staging.long_series, staging.series_fingerprint, staging.chinese_zone, ref.seasonal_setting
-- F21 of docs/methodology.md#seasonal: the newest run of quarters without a gap, of so many calendar years as ref.seasonal_setting asks.
-- A quarter at constant prices is a difference of two chained year-to-date levels with the same base year.
create or replace view staging.seasonal_series as
with constant_price as (
    select
        c.zone, c.indicator, c.industry, c.basis, c.period,
        case
            when c.basis = 'quarter' or right(c.period, 1) = '1' then c.value_constant_price
            else c.value_constant_price - first_value(c.value_constant_price) over series
        end as value,
        case
            when c.basis = 'quarter' or right(c.period, 1) = '1' then left(c.index_base_period, 4)
            else first_value(left(c.index_base_period, 4)) over series
        end as previous_base_year,
        left(c.index_base_period, 4) as base_year,
    from staging.chained_series as c
    inner join staging.long_series as l
        on c.zone = l.zone and same_series(c.indicator, c.industry, c.basis, l.indicator, l.industry, l.basis)
    where c.price_basis = 'constant_price' and c.basis in ('ytd', 'quarter')
    window series as (
        partition by c.zone, c.indicator, c.industry, c.basis order by period_number(c.period)
        range between 1 preceding and 1 preceding
    )
),

quarter as (
    select
        d.zone, d.indicator, d.industry, d.basis,
        'nominal' as price_basis,
        d.period,
        d.value_quarter::double as value,
    from staging.series_figure as d
    inner join staging.long_series as l
        on d.zone = l.zone and same_series(d.indicator, d.industry, d.basis, l.indicator, l.industry, l.basis)
    where d.value_quarter is not null
    union all by name
    select
        c.zone, c.indicator, c.industry, c.basis,
        'constant_price' as price_basis,
        c.period,
        c.value,
    from constant_price as c
    where c.value is not null and c.base_year = c.previous_base_year
),

-- in a run without a gap, the number of the quarter less its place stays the same
placed as (
    select
        q.*,
        period_number(q.period) - row_number() over (
            partition by q.zone, q.indicator, q.industry, q.basis, q.price_basis order by period_number(q.period)
        ) as run,
    from quarter as q
),

running as (
    select
        p.zone, p.indicator, p.industry, p.basis, p.price_basis,
        min(p.period) as first_period,
        max(p.period) as last_period,
        count(*) as quarters,
        list(p.value order by p.period) as quarter_values,
        list(p.period order by p.period) as periods,
    from placed as p
    group by p.zone, p.indicator, p.industry, p.basis, p.price_basis, p.run
    qualify row_number() over (
        partition by p.zone, p.indicator, p.industry, p.basis, p.price_basis order by max(p.period) desc
    ) = 1
)

select
    r.zone, r.indicator, r.industry, r.basis, r.price_basis, r.first_period, r.last_period, r.quarters, r.periods,
    r.quarter_values, s.method, s.fallback_method, s.seasons, s.seasonal_window, s.is_robust, s.forecast_quarters,
    s.outlier_types,
    c.zone is not null as is_spring_festival_offered,
    f.figures_hash,
    -- changes with any quarter, with any figure it was derived from, and with the settings
    md5(
        concat_ws(
            '|', r.zone, r.indicator, r.industry, r.basis, r.price_basis, r.first_period, r.quarter_values::varchar,
            f.figures_hash, s.method, s.fallback_method, s.seasons, s.seasonal_window, s.is_robust, s.forecast_quarters,
            s.outlier_types, if(c.zone is null, 0, s.spring_festival_days)
        )
    ) as series_hash,
from running as r
inner join staging.series_fingerprint as f
    on r.zone = f.zone and same_series(r.indicator, r.industry, r.basis, f.indicator, f.industry, f.basis)
left join staging.chinese_zone as c on r.zone = c.zone
cross join ref.seasonal_setting as s
where
    r.quarters >= s.min_quarters
    -- a year is forced to its sum, so that years have to be whole: from the first one that begins to the last one that ends
    and (period_number(r.last_period) - 4) // 4 - (period_number(r.first_period) + 2) // 4 + 1 >= s.min_years;
