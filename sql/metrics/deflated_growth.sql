-- One row is an indicator reported in nominal terms with its growth after prices, by the index that stands for it.
-- zh: 一行是一个按名义增速报送的指标，按对应的价格指数扣除价格因素后的实际增速
-- grain: zone, period, indicator
-- unit: _pct in per cent; price_index_ratio is 1.002 for an index of 100.2
-- reads: staging.observation, ref.deflator
-- F28 of docs/methodology.md#deflated: (1 + g) / (index / 100) − 1, which index deflates what is said in sql/reference/deflator.csv.
-- The bound is what the printed digits of growth and index leave open, to first order.
create or replace view metrics.deflated_growth as
with figure as (
    select
        o.zone, o.period, o.indicator, o.title_zh, o.title_en, o.growth_reported_pct, o.growth_decimals,
        d.price_index, d.note_zh, d.note_en,
        d.price_index is null as is_index,
        o.value, o.rounding, o.has_open_query,
    from staging.observation as o
    left join ref.deflator as d on o.indicator = d.indicator
    where
        o.industry is null
        and o.basis = 'ytd'
        and (o.price_basis = 'nominal' or o.indicator in (select r.price_index, from ref.deflator as r))
),

-- the indices of the quarter on each of its rows
with_index as (
    select
        f.*,
        list(struct_pack(f.indicator, f.value, f.rounding, f.has_open_query)) filter (where f.is_index) over (
            partition by f.zone, f.period
        ) as indices,
    from figure as f
),

compared as (
    select
        w.*,
        list_filter(w.indices, lambda x: x.indicator = w.price_index)[1] as p, -- noqa: RF01,RF03
    from with_index as w
    where not w.is_index
)

select
    c.zone, c.period, c.indicator, c.title_zh, c.title_en, c.growth_reported_pct, c.price_index,
    c.p.value::double / 100 as price_index_ratio,
    case
        when c.p.value > 0 then ((1 + c.growth_reported_pct::double / 100) / (c.p.value::double / 100) - 1) * 100
    end as growth_real_derived_pct,
    case
        when c.p.value > 0
            then
                power(10, -c.growth_decimals) / 2 / (c.p.value::double / 100)
                + (1 + c.growth_reported_pct::double / 100) / power(c.p.value::double / 100, 2) * c.p.rounding::double / 2
    end as growth_real_bound_pp,
    c.note_zh,
    c.note_en,
    case
        when c.growth_reported_pct is null then 'no growth reported'
        when c.p.value is null then 'no price index submitted'
        when c.p.value <= 0 then 'base not positive'
    end as growth_real_reason,
    c.has_open_query or coalesce(c.p.has_open_query, false) as has_open_query,
from compared as c;
