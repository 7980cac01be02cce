-- One row is an indicator of a zone in a year: the whole year, and whether its quarters are all there.
-- zh: 年度：一行是一个地区一年的一个指标，全年数（存量为年末数）、增速，以及各季是否齐全
-- grain: zone, year, indicator, industry, basis
-- unit: value in the base unit of column unit; _pct in per cent
-- reads: metrics.growth, ref.zone
-- A year is its fourth quarter: the year to date of a flow, the stock at its end, a rate of the year. A year without one has no row.
create or replace view metrics.annual as
with of_year as (
    select
        g.*,
        left(g.period, 4)::integer as year,
        count(*) over (
            partition by g.zone, g.indicator, g.industry, g.basis, left(g.period, 4)
        ) as quarters,
        bool_or(g.quarter_flag is not null) over (
            partition by g.zone, g.indicator, g.industry, g.basis, left(g.period, 4)
        ) as has_flag,
    from metrics.growth as g
    where g.basis <> 'plan'
)

select
    y.zone,
    z.title_zh as zone_title_zh,
    z.title_en as zone_title_en,
    y.year, y.indicator, y.industry, y.basis, y.title_zh, y.title_en, y.unit, y.value, y.growth_reported_pct,
    y.growth_comparison, y.growth_nominal_pct, y.deflator_change_pct, y.growth_two_year_average_pct, y.quarters,
    y.quarters = 4 and not y.has_flag as quarters_add_up,
    y.value_reason, y.growth_nominal_reason, y.growth_flag, y.has_open_query,
from of_year as y
left join ref.zone as z on y.zone = z.zone
where right(y.period, 1) = '4';
