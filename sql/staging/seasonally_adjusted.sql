-- One row is a quarter as it was seasonally adjusted, while the series it was computed from still stands.
-- zh: 一行是一个季节调整后的当季数（仅限所依据的序列仍为现行的）
-- grain: zone, indicator, industry, basis, price_basis, period
-- unit: values in the base unit of the indicator (at constant prices: of the chain's base year)
-- reads: derived.seasonal_adjustment, staging.series_fingerprint
-- A revision is never read beside an adjustment of what it revised (figures_hash). A view of its own, because it is read
-- twice: DuckDB keeps what a query reads twice, and no filter on a zone would reach it.
-- noqa: disable=AM04
create or replace view staging.seasonally_adjusted as
select
    a.* exclude (figures_hash, series_hash),
    first_value(a.value_adjusted) over (
        partition by a.zone, a.indicator, a.industry, a.basis, a.price_basis order by period_number(a.period)
        range between 1 preceding and 1 preceding
    ) as value_adjusted_before,
    first_value(a.value_quarter) over (
        partition by a.zone, a.indicator, a.industry, a.basis, a.price_basis order by period_number(a.period)
        range between 1 preceding and 1 preceding
    ) as value_quarter_before,
    f.has_open_query,
from derived.seasonal_adjustment as a
inner join staging.series_fingerprint as f
    on
        a.zone = f.zone
        and same_series(a.indicator, a.industry, a.basis, f.indicator, f.industry, f.basis)
        and a.figures_hash = f.figures_hash;
