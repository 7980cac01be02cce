-- One row is an indicator of a work stream in a quarter: year to date, the quarter alone, and beside a year earlier.
-- zh: 一行是一项工作的一个指标：本年累计、当季，以及与上年同期的比较
-- grain: zone, period, indicator, industry, basis
-- unit: value in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: metrics.indicator_growth, staging.observation, ref.indicator, ref.work_stream
-- Units are never added: persons and person-times, items and places stand apart. A rate has a change in points, no growth.
create or replace view metrics.work_stream as
select
    g.zone, g.period, w.stream, g.indicator, g.industry, g.basis, g.title_zh, g.title_en, g.unit, g.value,
    case
        when g.basis <> 'ytd' or i.flow_type <> 'flow' then null
        when right(g.period, 1) = '1' then g.value
        else g.value - p.value
    end as value_quarter,
    g.value_year_earlier,
    g.value - g.value_year_earlier as change_year_earlier,
    g.growth_nominal_pct as growth_pct,
    g.is_qualified,
    g.value_reason,
    case
        when g.basis <> 'ytd' or i.flow_type <> 'flow' then 'not a flow of the year to date'
        when g.value is null then coalesce(g.value_reason, 'not reported')
        when right(g.period, 1) <> '1' and p.value is null then 'no prior YTD'
    end as quarter_reason,
    g.growth_nominal_reason as growth_reason,
    g.has_open_query or coalesce(value_quarter is not null and p.has_open_query, false) as has_open_query,
from metrics.indicator_growth as g
inner join ref.work_stream as w on g.form = w.form
inner join ref.indicator as i on g.indicator = i.indicator
left join staging.observation as p
    on
        g.zone = p.zone
        and same_series(g.indicator, g.industry, g.basis, p.indicator, p.industry, p.basis)
        and p.period = period_previous(g.period);
