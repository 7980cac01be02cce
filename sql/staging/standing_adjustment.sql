-- One row is a series that was seasonally adjusted, while the figures it was computed from still stand.
-- zh: 一行是一个作了季节调整、所依据的数据仍为现行的序列及其诊断统计量
-- grain: zone, indicator, industry, basis, price_basis
-- unit: statistics without a unit; p-values between 0 and 1; outliers_pct in per cent of the quarters
-- reads: derived.seasonal_diagnostic, staging.series_fingerprint
-- A view of its own, because it is read twice: DuckDB keeps what a query reads twice, and no filter on a zone would reach it.
-- noqa: disable=AM04
create or replace view staging.standing_adjustment as
select
    d.*,
    100 * d.outlier_count / d.quarters as outliers_pct,
    f.has_open_query,
from derived.seasonal_diagnostic as d
inner join staging.series_fingerprint as f
    on
        d.zone = f.zone
        and same_series(d.indicator, d.industry, d.basis, f.indicator, f.industry, f.basis)
        and d.figures_hash = f.figures_hash;
