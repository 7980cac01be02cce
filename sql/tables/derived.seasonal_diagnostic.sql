-- One row is a series that was seasonally adjusted: by what method and model, and what its diagnostics say.
-- zh: 一行是一个作了季节调整的序列：所用的方法、模型和诊断统计量
-- grain: series_hash
-- unit: statistics without a unit; p-values between 0 and 1; NULL where the method gives none
-- The diagnostics are the program's own; what they come to is judged in metrics.seasonal_diagnostic.
create table if not exists derived.seasonal_diagnostic (
    zone varchar,
    indicator varchar,
    industry varchar,
    basis varchar,
    price_basis varchar,
    method varchar,
    method_version varchar,
    method_reason varchar,
    transform varchar,
    forced_by varchar,
    quarters integer,
    first_period varchar,
    last_period varchar,
    arima_model varchar,
    is_spring_festival_offered boolean,
    spring_festival_coefficient double,
    spring_festival_t_statistic double,
    outliers varchar,
    outlier_count integer,
    m7 double,
    q double,
    q_without_m2 double,
    identifiable_seasonality varchar,
    qs_unadjusted double,
    qs_unadjusted_p double,
    qs_adjusted double,
    qs_adjusted_p double,
    residual_seasonality_f double,
    residual_seasonality_f_p double,
    figures_hash varchar,
    series_hash varchar
);
