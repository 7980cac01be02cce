-- The main indicators of one zone in one quarter, as an office quotes them: metrics.headline_of('150571', '2022Q3').
-- zh: 一个地区一个季度的主要经济指标，按对外公布的写法
-- unit: value_text says its own; growth in per cent
-- reads: metrics.headline
-- noqa: disable=RF03, AM04
create or replace macro metrics.headline_of(of_zone, of_period) as table
    select h.* exclude (zone, period, value, unit),
    from metrics.headline as h
    where h.zone = of_zone and h.period = of_period
    order by h.ord;
