-- One row is a figure that a later submission altered, with what was stated of it in turn.
-- zh: 一行是一个经后来的报送改动过的指标值，及其历次不同的说法
-- grain: zone, period, indicator, industry, basis
-- unit: value in the base unit of the indicator; times in UTC
-- reads: staging.vintage, core.observation
-- statements begins with the first and goes on with each that altered level or growth: a submission that repeats a figure
-- states nothing new. Most figures are never altered, and have no row.
-- noqa: disable=AM04
create or replace view staging.revised_figure as
with stated as (
    select
        v.zone, v.period, v.vintage, v.received_at, o.indicator, o.industry, o.basis, o.value,
        row_number() over same_figure as place,
        row(o.value, o.growth_reported_pct) as said,
        lag(row(o.value, o.growth_reported_pct)) over same_figure as said_before,
    from staging.vintage as v
    inner join core.observation as o on v.submission = o.submission and v.zone = o.zone and v.period = o.period
    where v.vintages > 1
    window same_figure as (
        partition by v.zone, v.period, o.indicator, o.industry, o.basis order by v.vintage
    )
)

select
    s.zone, s.period, s.indicator, s.industry, s.basis,
    list(struct_pack(s.received_at, s.value) order by s.vintage) as statements,
from stated as s
where s.place = 1 or s.said is distinct from s.said_before
group by s.zone, s.period, s.indicator, s.industry, s.basis
having count(*) > 1;
