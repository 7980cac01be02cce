-- One row is a figure as one vintage gave it, with what changed from the vintage before.
-- zh: 一行是一个指标值的一个版本，及其与上一版本之差（修订三角）
-- grain: zone, period, indicator, industry, basis, vintage
-- unit: value in the base unit of column unit; growth in per cent; times in UTC
-- reads: staging.observation_vintage
-- What only one submission ever gave has nothing to be compared with, and is not put in order with the rest.
create or replace view metrics.revision_triangle as
with given_once as (
    select o.*,
    from staging.observation_vintage as o
    where o.vintages = 1
),

given_again as (
    select
        o.*,
        o.value - lag(o.value) over same_figure as value_change,
        o.growth_reported_pct - lag(o.growth_reported_pct) over same_figure as growth_change_pp,
    from staging.observation_vintage as o
    where o.vintages > 1
    window same_figure as (partition by o.zone, o.period, o.indicator, o.industry, o.basis order by o.vintage)
),

given as (
    select a.*, from given_again as a
    union all by name
    select g.*, from given_once as g
)

select
    o.zone, o.period, o.indicator, o.industry, o.basis, o.vintage, o.title_zh, o.title_en, o.value, o.unit,
    o.growth_reported_pct, o.value_change, o.growth_change_pp, o.qualifier, o.known_from, o.known_until, o.sender,
    o.submission, o.path, o.has_open_query,
from given as o;
