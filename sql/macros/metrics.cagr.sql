-- Average yearly growth of one indicator of one zone over so many years up to a quarter: metrics.cagr('gdp', 'CN', '2024Q4', 2).
-- zh: 一个指标、一个地区截至某季度 n 年的年均增速
-- unit: _pct in per cent a year
-- reads: metrics.compound_growth
-- noqa: disable=RF03, AM04
create or replace macro metrics.cagr(of_indicator, of_zone, of_period, over_years) as table
    select c.* exclude (title_zh, title_en),
    from metrics.compound_growth as c
    where c.indicator = of_indicator and c.zone = of_zone and c.period = of_period and c.years = over_years;
