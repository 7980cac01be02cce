-- One row is the average yearly growth of an indicator of a zone over so many years up to a quarter.
-- zh: 一行是一个指标到某季度为止 n 年的年均增速
-- grain: zone, period, indicator, industry, basis, years
-- unit: _pct in per cent a year
-- reads: metrics.chain_index
-- F12 of docs/methodology.md#compound: from levels (nominal) and from chained reported growth, as far as history goes.
create or replace view metrics.compound_growth as
with spanned as (
    select
        n.*,
        b.period as base_period,
        b.value as base_value,
        b.index_chained as base_index,
        left(n.period, 4)::integer - left(b.period, 4)::integer as years,
    from metrics.chain_index as n
    inner join metrics.chain_index as b
        on
            n.zone = b.zone
            and n.indicator = b.indicator
            and n.industry is not distinct from b.industry
            and n.basis = b.basis
            and right(n.period, 1) = right(b.period, 1)
            and n.period > b.period
)

select
    s.zone,
    s.period,
    s.indicator,
    s.industry,
    s.basis,
    s.years,
    s.base_period,
    s.title_zh,
    s.title_en,
    s.price_basis,
    compound_pct(s.index_chained, s.base_index, s.years) as compound_reported_pct,
    compound_pct(s.value, s.base_value, s.years) as compound_nominal_pct,
    case
        when s.index_chained is null or s.base_index is null then 'the chain is broken: a year or its growth is missing'
    end as compound_reported_reason,
    why_no_growth(s.value, s.base_value) as compound_nominal_reason,
from spanned as s;
