-- One row is a quarter of a series as seasonal adjustment splits it; the one metric that is not computed in SQL.
-- zh: 一行是季节调整后序列的一个季度：调整值、趋势、季节因子，以及所用的方法
-- grain: series_hash, zone, indicator, industry, basis, price_basis, period
-- unit: values in the base unit of the indicator; seasonal_factor_ratio is NULL where the season is a sum
create table if not exists derived.seasonal_adjustment (
    zone varchar,
    indicator varchar,
    industry varchar,
    basis varchar,
    price_basis varchar,
    period varchar,
    value_quarter double,
    value_adjusted double,
    value_trend double,
    seasonal_factor_ratio double,
    transform varchar,
    method varchar,
    method_version varchar,
    seasonal_window integer,
    is_robust boolean,
    quarters integer,
    first_period varchar,
    last_period varchar,
    figures_hash varchar,
    series_hash varchar
);
