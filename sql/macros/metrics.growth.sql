-- Every growth of one indicator of one zone in one quarter: metrics.growth('gdp', '150571', '2022Q3').
-- zh: 一个指标、一个地区、一个季度的各种增速
-- unit: values in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: metrics.growth
-- noqa: disable=AM04, RF03
create or replace macro metrics.growth(of_indicator, of_zone, of_period) as table
    select
        g.* exclude (
            value_quarter_bound, change_value, change_pp, turn_zh, turn_en, is_seasonally_adjusted, is_qualified,
            is_quarter_qualified
        ),
    from metrics.growth as g
    where g.indicator = of_indicator and g.zone = of_zone and g.period = of_period; -- noqa: RF03
