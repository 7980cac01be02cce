-- One row is an indicator of a zone in a quarter with its index chained from reported growth, the first year being 100.
-- zh: 一行是一个指标的链式指数，未带名称：由报送的同比增速逐年相乘，首年同期 = 100
-- grain: zone, period, indicator, industry, basis
-- unit: index with 100 in index_base_period; values in the base unit of column unit; _pct in per cent
-- reads: staging.observation, ref.indicator
-- F13 of docs/methodology.md#chain. Each quarter is linked to the same quarter a year earlier, so an index of 2022Q3 is
-- compared with other third quarters. A year that is missing breaks the chain: nothing is bridged. What is read of
-- ref.indicator comes last: it would be sorted along.
create or replace view staging.chained_series as
with linked as (
    select
        o.*,
        left(o.period, 4)::integer as year,
        right(o.period, 1) as quarter,
        case when o.growth_reported_pct > -100 then 1 + o.growth_reported_pct::double / 100 end as link,
    from staging.observation as o
    where o.flow_type <> 'rate' and o.basis <> 'plan'
),

chained as (
    select
        l.*,
        -- from the first year on, whatever DuckDB computes at a time
        list_product(list(l.link) over series) as linked_product,
        count(l.link) over series as links,
        bool_or(l.has_open_query) over series as series_has_open_query,
        first_value(l.link) over series as first_link,
        first_value(l.year) over series as first_year,
        first_value(l.period) over series as index_base_period,
        first_value(l.value) over series as base_value,
        case when lag(l.year) over series = l.year - 1 then lag(l.value) over series end as value_year_earlier,
    from linked as l
    window
        series as (
            partition by l.zone, l.indicator, l.industry, l.basis, l.quarter order by l.year
            rows between unbounded preceding and current row
        )
),

indexed as (
    select
        c.*,
        case
            when c.year = c.first_year then 100
            -- every year after the first has its link
            when c.links - (c.first_link is not null)::integer = c.year - c.first_year
                then 100 * c.linked_product / coalesce(c.first_link, 1)
        end as index_chained,
    from chained as c
)

select
    x.zone, x.period, x.indicator, x.industry, x.basis, i.price_basis, x.unit, x.value, x.growth_reported_pct, x.link,
    x.value_year_earlier, x.base_value, x.index_chained, x.index_base_period,
    case when i.price_basis = 'constant_price' then x.base_value::double * x.index_chained / 100 end as value_constant_price,
    x.series_has_open_query as has_open_query,
from indexed as x
inner join ref.indicator as i on x.indicator = i.indicator;
