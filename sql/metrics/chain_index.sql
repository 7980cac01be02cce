-- One row is an indicator of a zone in a quarter with its index chained from reported growth, the first year being 100.
-- zh: 一行是一个指标的链式指数：由报送的同比增速逐年相乘，首年同期 = 100
-- grain: zone, period, indicator, industry, basis
-- unit: indices with 100 in index_base_period; values in the base unit of column unit; _pct in per cent
-- reads: staging.observation, ref.indicator, staging.local_title
-- F13, F14 of docs/methodology.md#chain. Each quarter is linked to the same quarter a year earlier, so an index of 2022Q3
-- is compared with other third quarters. A year that is missing breaks the chain: nothing is bridged. Titles come
-- last: they would be sorted along.
create or replace view metrics.chain_index as
with linked as (
    select
        o.zone,
        o.period,
        o.indicator,
        o.industry,
        o.basis,
        o.unit,
        o.value,
        o.growth_reported_pct,
        left(o.period, 4)::integer as year,
        right(o.period, 1) as quarter,
        case when o.growth_reported_pct > -100 then 1 + o.growth_reported_pct::double / 100 end as link,
    from staging.observation as o
    where o.flow_type <> 'rate' and o.basis <> 'plan'
),

chained as (
    select
        l.*,
        product(l.link) over series as linked_product,
        count(l.link) over series as links,
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
    x.zone,
    x.period,
    x.indicator,
    x.industry,
    x.basis,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    i.price_basis,
    x.unit,
    x.value,
    x.growth_reported_pct,
    x.index_chained,
    x.index_base_period,
    case when i.price_basis = 'constant_price' then x.base_value::double * x.index_chained / 100 end as value_constant_price,
    case
        when i.price_basis = 'constant_price' and x.base_value > 0 and x.index_chained > 0
            then x.value::double / (x.base_value::double * x.index_chained / 100) * 100
    end as deflator_index,
    case
        when i.price_basis = 'constant_price'
            then ((1 + growth_pct(x.value, x.value_year_earlier) / 100) / nullif(x.link, 0) - 1) * 100
    end as deflator_change_pct,
    case when x.index_chained is null then 'the chain is broken: a year or its growth is missing' end as index_reason,
    case
        when i.price_basis <> 'constant_price' then 'growth is not reported at constant prices'
        when x.index_chained is null then 'the chain is broken: a year or its growth is missing'
        when x.value is null or x.base_value is null then 'growth only'
        when x.base_value <= 0 then 'base not positive'
    end as deflator_reason,
from indexed as x
inner join ref.indicator as i on x.indicator = i.indicator
left join staging.local_title as t on x.zone = t.zone and x.indicator = t.indicator;
