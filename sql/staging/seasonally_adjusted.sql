-- One row is a quarter as it was seasonally adjusted, while the series it was computed from still stands.
-- zh: 一行是一个季节调整后的当季数（仅限所依据的序列仍为现行的）
-- grain: zone, indicator, industry, basis, price_basis, period
-- unit: values in the base unit of the indicator (at constant prices: of the chain's base year)
-- reads: derived.seasonal_adjustment, staging.adjusted_series
-- A revision is never read beside an adjustment of what it revised. A view of its own, because it is read twice: DuckDB keeps
-- what a query reads twice, and no filter on a zone would reach it.
-- noqa: disable=AM04
create or replace view staging.seasonally_adjusted as
select
    a.zone, a.indicator, a.industry, a.basis, a.price_basis, a.period, a.value_quarter, a.value_adjusted,
    a.value_adjusted_unforced, a.value_trend, a.seasonal_factor_ratio,
    first_value(a.value_adjusted) over quarter_before as value_adjusted_before,
    first_value(a.value_quarter) over quarter_before as value_quarter_before,
    s.* exclude (zone, indicator, industry, basis, price_basis, figures_hash, series_hash),
from derived.seasonal_adjustment as a
inner join staging.adjusted_series as s on a.zone = s.zone and a.series_hash = s.series_hash
window quarter_before as (
    partition by a.zone, a.indicator, a.industry, a.basis, a.price_basis order by period_number(a.period)
    range between 1 preceding and 1 preceding
);
