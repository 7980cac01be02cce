-- One row is a quarter of a series as seasonal adjustment splits it; the one metric that is not computed in SQL.
-- zh: 一行是季节调整后序列的一个季度：调整值、趋势、季节因子
-- grain: series_hash, period
-- unit: values in the base unit of the indicator; seasonal_factor_ratio is NULL where the season is a sum
-- How the series was adjusted, and how well, stands once a series in derived.seasonal_diagnostic.
create table if not exists derived.seasonal_adjustment (
    zone varchar,
    indicator varchar,
    industry varchar,
    basis varchar,
    price_basis varchar,
    period varchar,
    value_quarter double,
    value_adjusted double,
    value_adjusted_unforced double,
    value_trend double,
    seasonal_factor_ratio double,
    series_hash varchar
);
