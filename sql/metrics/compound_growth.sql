-- One row is the average yearly growth of an indicator of a zone over so many years up to a quarter.
-- zh: 一行是一个指标到某季度为止 n 年的年均增速
-- grain: zone, period, indicator, industry, basis, years
-- unit: _pct in per cent a year
-- reads: metrics.chain_index, staging.broken_series
-- F12 of docs/methodology.md#compound: from levels (nominal) and from chained reported growth, as far as history goes.
-- A series is gathered once and taken apart again: joined with itself it would be chained and sorted twice.
create or replace view metrics.compound_growth as
with series as (
    select
        c.zone, c.indicator, c.industry, c.basis,
        right(c.period, 1) as quarter,
        any_value(c.title_zh) as title_zh,
        any_value(c.title_en) as title_en,
        any_value(c.price_basis) as price_basis,
        list(struct_pack(year := left(c.period, 4)::integer, c.value, c.index_chained, c.has_open_query)) as points,
    from metrics.chain_index as c
    group by c.zone, c.indicator, c.industry, c.basis, right(c.period, 1)
),

ended as (
    select
        s.*,
        unnest(s.points) as now,
    from series as s
),

spanned as (
    select
        e.*,
        unnest(e.points) as base,
    from ended as e
)

select
    s.zone,
    s.now.year || 'Q' || s.quarter as period,
    s.indicator, s.industry, s.basis,
    s.now.year - s.base.year as years,
    s.base.year || 'Q' || s.quarter as base_period,
    s.title_zh, s.title_en, s.price_basis,
    compound_pct(s.now.index_chained, s.base.index_chained, s.now.year - s.base.year) as compound_reported_pct,
    compound_pct(s.now.value, s.base.value, s.now.year - s.base.year) as compound_nominal_pct,
    case
        when s.now.index_chained is null or s.base.index_chained is null
            then 'the chain is broken: a year or its growth is missing'
    end as compound_reported_reason,
    why_no_growth(s.now.value, s.base.value) as compound_nominal_reason,
    if(
        len(breaks_after(b.breaks, s.base.year || 'Q' || s.quarter, s.now.year || 'Q' || s.quarter)) > 0,
        'break since the base', null
    ) as compound_nominal_flag,
    -- a chain's question is that of all its years
    s.now.has_open_query,
from spanned as s
left join staging.broken_series as b on s.zone = b.zone and s.indicator = b.indicator
where s.now.year > s.base.year;
