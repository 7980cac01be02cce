-- Average yearly growth of one indicator of one zone over so many years up to a quarter: metrics.cagr('gdp', 'CN', '2024Q4', 2).
-- zh: 一个指标、一个地区截至某季度 n 年的年均增速
-- unit: _pct in per cent a year
-- reads: metrics.compound_growth
create or replace macro metrics.cagr(of_indicator, of_zone, of_period, over_years) as table
    select
        c.zone,
        c.period,
        c.indicator,
        c.industry,
        c.basis,
        c.years,
        c.base_period,
        c.price_basis,
        c.compound_reported_pct,
        c.compound_nominal_pct,
        c.compound_reported_reason,
        c.compound_nominal_reason,
    from metrics.compound_growth as c
    where c.indicator = of_indicator and c.zone = of_zone and c.period = of_period and c.years = over_years; -- noqa: RF03
