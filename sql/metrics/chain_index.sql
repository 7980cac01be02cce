-- One row is an indicator of a zone in a quarter with its index chained from reported growth, the first year being 100.
-- zh: 一行是一个指标的链式指数：由报送的同比增速逐年相乘，首年同期 = 100
-- grain: zone, period, indicator, industry, basis
-- unit: indices with 100 in index_base_period; values in the base unit of column unit; _pct in per cent
-- reads: staging.chained_series, staging.broken_series, ref.indicator, staging.local_title
-- F13, F14 of docs/methodology.md#chain.
create or replace view metrics.chain_index as
select
    x.zone, x.period, x.indicator, x.industry, x.basis,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    x.price_basis, x.unit, x.value, x.growth_reported_pct, x.index_chained, x.index_base_period,
    x.value_constant_price,
    case
        when x.price_basis = 'constant_price' and x.base_value > 0 and x.index_chained > 0
            then x.value::double / x.value_constant_price * 100
    end as deflator_index,
    if(
        x.price_basis = 'constant_price',
        deflator_change_pct(growth_pct(x.value, x.value_year_earlier), x.growth_reported_pct),
        null
    ) as deflator_change_pct,
    case when x.index_chained is null then 'the chain is broken: a year or its growth is missing' end as index_reason,
    case
        when x.price_basis <> 'constant_price' then 'growth is not reported at constant prices'
        when x.index_chained is null then 'the chain is broken: a year or its growth is missing'
        when x.value is null or x.base_value is null then 'growth only'
        when x.base_value <= 0 then 'base not positive'
    end as deflator_reason,
    if(
        x.price_basis = 'constant_price' and len(breaks_after(b.breaks, x.index_base_period, x.period)) > 0,
        'break since the base', null
    ) as deflator_flag,
    x.has_open_query,
from staging.chained_series as x
inner join ref.indicator as i on x.indicator = i.indicator
left join staging.broken_series as b on x.zone = b.zone and x.indicator = b.indicator
left join staging.local_title as t on x.zone = t.zone and x.indicator = t.indicator;
