-- One row is a sector of a zone in a quarter: its level and the level a year earlier at this year's prices, with their bounds.
-- zh: 一行是一个地区一个季度的一个产业：累计水平、按本年价格推算的上年同期水平，以及修约留下的上下界
-- grain: zone, period, sector
-- unit: yuan, year to date; annual, previous and a_year_earlier are the same of the year's fourth quarter, the quarter before, a year before
-- reads: staging.observation
-- F8, with the interval of what was printed: half a digit of the level and of the growth, to either side. What is looked back
-- for comes from windows, so that a filter on a zone reaches the scan.
create or replace view staging.sector_base as
with bounded as (
    select
        o.zone, o.period, o.sector,
        left(o.period, 4) as year,
        right(o.period, 1)::integer as quarter,
        o.has_open_query,
        struct_pack(
            value := o.value::double,
            value_low := o.value::double - o.rounding::double / 2,
            value_high := o.value::double + o.rounding::double / 2,
            base := implied_base(o.value, o.growth_reported_pct),
            base_low := implied_base(
                o.value::double - o.rounding::double / 2, o.growth_reported_pct::double + power(10, -o.growth_decimals) / 2
            ),
            base_high := implied_base(
                o.value::double + o.rounding::double / 2, o.growth_reported_pct::double - power(10, -o.growth_decimals) / 2
            ),
            o.has_open_query
        ) as now,
    from staging.observation as o
    where o.sector is not null and o.sector <> 'total' and o.basis = 'ytd' and o.industry is null
),

of_year as (
    select
        b.*,
        max(b.now) filter (where b.quarter = 4) over (partition by b.zone, b.sector, b.year) as annual,
    from bounded as b
),

dated as (
    select
        y.*,
        first_value(struct_pack(y.now, y.annual)) over (
            partition by y.zone, y.sector order by period_number(y.period) range between 4 preceding and 4 preceding
        ) as earlier,
        first_value(y.now) over (
            partition by y.zone, y.sector order by period_number(y.period) range between 1 preceding and 1 preceding
        ) as before,
    from of_year as y
)

select
    d.zone, d.period, d.sector, d.quarter, d.now,
    -- inside the year
    if(d.quarter = 1, null, d.before) as previous,
    d.earlier.now as a_year_earlier,
    d.earlier.annual as annual, -- noqa: AL09
from dated as d;
