-- One row is a figure of a new submission beside the same a year earlier.
-- zh: 一行是新报送的一个指标值及其上年同期数
-- grain: seen_by, indicator, industry, basis
-- unit: value, rounding and year_ in base units; growth in per cent
-- reads: known.observation
-- noqa: disable=AM04
create or replace view known.year_earlier as
select
    o.*,
    y.period as year_period,
    y.said as year_said,
    y.value as year_value,
    y.rounding as year_rounding,
    y.qualifier as year_qualifier,
from known.observation as o
left join known.observation as y
    on
        o.seen_by = y.seen_by
        and same_series(o.indicator, o.industry, o.basis, y.indicator, y.industry, y.basis)
        and y.period = period_year_earlier(o.period)
where o.is_own;
