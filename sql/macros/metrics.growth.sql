-- Every growth of one indicator of one zone in one quarter: metrics.growth('gdp', '150571', '2022Q3').
-- zh: 一个指标、一个地区、一个季度的各种增速
-- unit: values in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: metrics.growth
create or replace macro metrics.growth(of_indicator, of_zone, of_period) as table
    select
        g.zone,
        g.period,
        g.indicator,
        g.industry,
        g.basis,
        g.title_zh,
        g.title_en,
        g.unit,
        g.value,
        g.value_quarter,
        g.price_basis,
        g.growth_reported_pct,
        g.growth_nominal_pct,
        g.deflator_change_pct,
        g.growth_quarter_nominal_pct,
        g.growth_quarter_real_derived_pct,
        g.growth_quarter_real_bound_pp,
        g.growth_qoq_pct,
        g.growth_qoq_annualised_pct,
        g.adjustment_zh,
        g.adjustment_en,
        g.growth_two_year_average_pct,
        g.value_reason,
        g.growth_nominal_reason,
        g.quarter_reason,
        g.growth_quarter_nominal_reason,
        g.growth_quarter_real_reason,
        g.growth_qoq_reason,
        g.growth_two_year_reason,
        g.quarter_flag,
    from metrics.growth as g
    where g.indicator = of_indicator and g.zone = of_zone and g.period = of_period; -- noqa: RF03
