-- One row is a quarter alone of a zone's indicator, unadjusted and, where five years of quarters exist, seasonally adjusted.
-- zh: 一行是一个指标的当季数：未季调，以及有五个整年以上数据时的季节调整值和环比
-- grain: zone, indicator, industry, basis, price_basis, period
-- unit: values in the base unit of column unit (at constant prices: of the chain's base year), _pct in per cent
-- reads: metrics.discrete_quarter, staging.seasonally_adjusted
-- F3, F15, F21 of docs/methodology.md#seasonal. Adjusting takes the whole series, so that an adjusted quarter says what holds for any
-- quarter of it: a figure that is a bound, a difference of two vintages, a question that is open. The diagnostics stand once a
-- series in metrics.seasonal_diagnostic.
create or replace view metrics.seasonal_adjustment as
with quarter as (
    select
        d.* exclude (price_basis),
        p.price_basis,
    from metrics.discrete_quarter as d
    cross join (values ('nominal'), ('constant_price')) as p (price_basis)
    left join staging.seasonally_adjusted as c
        on
            d.zone = c.zone
            and same_series(d.indicator, d.industry, d.basis, c.indicator, c.industry, c.basis)
            and d.period = c.period
            and c.price_basis = 'constant_price'
    where
        d.flow_type = 'flow'
        and d.basis in ('ytd', 'quarter')
        -- a quarter at constant prices is worth a row only where it is adjusted
        and (p.price_basis = 'nominal' or c.period is not null)
),

beside as (
    select
        q.zone, q.indicator, q.industry, q.basis, q.price_basis, q.period, q.unit,
        if(q.price_basis = 'nominal', q.value_quarter::double, a.value_quarter) as value_quarter,
        if(q.price_basis = 'nominal', q.value_quarter_before::double, a.value_quarter_before) as value_quarter_before,
        a.* exclude (
            zone, indicator, industry, basis, price_basis, period, value_quarter, value_quarter_before, has_open_query,
            method_reason, forced_by, arima_model, is_spring_festival_offered, spring_festival_coefficient,
            spring_festival_t_statistic, outliers, outlier_count, outliers_pct, m7, q, q_without_m2, identifiable_seasonality,
            qs_unadjusted, qs_unadjusted_p, qs_adjusted, qs_adjusted_p, residual_seasonality_f, residual_seasonality_f_p,
            verdict_reason_zh, verdict_reason_en
        ),
        a.period is not null as is_seasonally_adjusted,
        q.quarter_reason, q.quarter_flag, q.is_quarter_before_mixed, q.is_break_since_quarter_before, q.breaks,
        q.is_quarter_bound,
        q.quarter_flag = 'mixed vintage' as is_mixed,
        -- adjusting takes the whole series
        coalesce(q.has_open_query, false)
        or coalesce(q.quarter_before_has_open_query, false)
        or coalesce(a.has_open_query, false) as has_open_query,
    from quarter as q
    left join staging.seasonally_adjusted as a
        on
            q.zone = a.zone
            and same_series(q.indicator, q.industry, q.basis, a.indicator, a.industry, a.basis)
            and q.price_basis = a.price_basis
            and q.period = a.period
)

select
    b.zone, b.indicator, b.industry, b.basis, b.price_basis, b.period, b.unit, b.value_quarter,
    growth_pct(b.value_quarter, b.value_quarter_before) as growth_qoq_pct,
    b.value_adjusted,
    b.value_adjusted_unforced,
    growth_pct(b.value_adjusted, b.value_adjusted_before) as growth_qoq_adjusted_pct,
    annualised_pct(growth_pct(b.value_adjusted, b.value_adjusted_before)) as growth_qoq_adjusted_annualised_pct,
    b.value_trend, b.seasonal_factor_ratio, b.verdict, b.verdict_zh, b.method, b.method_version, b.transform,
    b.quarters, b.first_period, b.last_period,
    if(b.is_seasonally_adjusted, '季节调整', '未季调') as adjustment_zh,
    if(b.is_seasonally_adjusted, 'seasonally adjusted', 'not seasonally adjusted') as adjustment_en,
    case
        when b.quarter_reason is not null then b.quarter_reason
        when not b.is_seasonally_adjusted then 'fewer than five calendar years of quarters without a gap'
    end as adjustment_reason,
    b.quarter_flag,
    coalesce(
        b.quarter_flag,
        if(b.is_break_since_quarter_before and b.value_quarter_before is not null, 'break since the quarter before', null),
        if(b.is_quarter_before_mixed and b.value_quarter_before is not null, 'mixed vintage a quarter earlier', null)
    ) as growth_qoq_flag,
    b.is_quarter_bound,
    if(b.is_seasonally_adjusted, count(*) filter (where b.is_mixed) over adjusted_series, null) as series_quarters_mixed_vintage,
    if(b.is_seasonally_adjusted, count(*) filter (where b.is_quarter_bound) over adjusted_series, null)
        as series_quarters_bound,
    if(b.is_seasonally_adjusted, max(b.breaks) over adjusted_series - min(b.breaks) over adjusted_series, null)
        as series_breaks,
    b.is_seasonally_adjusted,
    b.has_open_query,
from beside as b
window adjusted_series as (
    partition by b.zone, b.indicator, b.industry, b.basis, b.price_basis, b.is_seasonally_adjusted
);
