-- One row is a series that is seasonally adjusted: its method and model, its diagnostics, and whether it can be used.
-- zh: 一行是一个作了季节调整的序列：方法、模型、诊断统计量，以及可用、慎用还是不可用
-- grain: zone, indicator, industry, basis, price_basis
-- unit: statistics without a unit; p-values between 0 and 1; outliers_pct in per cent of the quarters
-- reads: staging.adjusted_series, ref.indicator
-- F21 of docs/methodology.md#seasonal: what each diagnostic asks, and its limits (ref.seasonal_limit).
create or replace view metrics.seasonal_diagnostic as
select
    s.zone, s.indicator, s.industry, s.basis, s.price_basis, i.title_zh, i.title_en, s.verdict, s.verdict_zh,
    s.verdict_reason_zh, s.verdict_reason_en, s.method, s.method_version, s.method_reason, s.transform, s.forced_by,
    s.quarters, s.first_period, s.last_period, s.arima_model, s.is_spring_festival_offered,
    s.spring_festival_coefficient, s.spring_festival_t_statistic, s.outliers, s.outlier_count, s.outliers_pct,
    s.m7,
    s.q,
    s.q_without_m2,
    s.identifiable_seasonality, s.qs_unadjusted, s.qs_unadjusted_p, s.qs_adjusted, s.qs_adjusted_p,
    s.residual_seasonality_f, s.residual_seasonality_f_p, s.has_open_query,
from staging.adjusted_series as s
inner join ref.indicator as i on s.indicator = i.indicator
order by s.zone, s.indicator, s.industry, s.basis, s.price_basis;
