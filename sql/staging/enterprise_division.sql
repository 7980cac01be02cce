-- One row is a variable of a zone's enterprises in an industry division in a vintage of a quarter: what cells are added up from.
-- zh: 一行是一个地区一个季度（某一版企业报表）一个行业大类企业的一个变量：各级汇总的基础
-- grain: zone, period, vintage, sector, section, division, variable
-- unit: the variable's own: yuan or persons
-- reads: core.enterprise_quarter, ref.industry, staging.vintage, staging.open_query, staging.asked_row
-- One scan of the register, whatever the number of variables. A quarter alone is the sum of what enterprises report
-- for it; a first quarter is its year to date. `revenue_of_…` is the revenue of those who also give the other figure,
-- so that a ratio has the same enterprises above and below its line.
create or replace view staging.enterprise_division as
with gauged as (
    select
        e.zone,
        e.period,
        v.vintage,
        v.vintage = v.vintages as is_current,
        v.known_from,
        -- an industry given by its section's letter alone belongs to no division, and a sector follows the division
        coalesce(i.sector, 'unknown') as sector,
        coalesce(i.section, 'unknown') as section,
        coalesce(i.division, i.section, 'unknown') as division,
        [
            gauge('enterprises', 1, null),
            gauge('output_ytd_cny', e.output_ytd_cny, e.output_ytd_year_earlier_cny, kept := 10),
            gauge(
                'output_quarter_cny', coalesce(e.output_quarter_cny, if(right(e.period, 1) = '1', e.output_ytd_cny, null)), null
            ),
            gauge('revenue_ytd_cny', e.revenue_ytd_cny, e.revenue_ytd_year_earlier_cny, kept := 10),
            gauge(
                'revenue_quarter_cny',
                coalesce(e.revenue_quarter_cny, if(right(e.period, 1) = '1', e.revenue_ytd_cny, null)),
                null
            ),
            gauge('profit_ytd_cny', e.profit_ytd_cny, e.profit_ytd_year_earlier_cny),
            gauge(
                'profit_quarter_cny', coalesce(e.profit_quarter_cny, if(right(e.period, 1) = '1', e.profit_ytd_cny, null)), null
            ),
            gauge('tax_ytd_cny', e.tax_ytd_cny, e.tax_ytd_year_earlier_cny),
            gauge('tax_quarter_cny', coalesce(e.tax_quarter_cny, if(right(e.period, 1) = '1', e.tax_ytd_cny, null)), null),
            gauge('rnd_ytd_cny', e.rnd_ytd_cny, e.rnd_ytd_year_earlier_cny),
            gauge('rnd_quarter_cny', coalesce(e.rnd_quarter_cny, if(right(e.period, 1) = '1', e.rnd_ytd_cny, null)), null),
            gauge('employees', e.employees, e.employees_year_earlier),
            gauge('revenue_of_profit', if(e.profit_ytd_cny is null, null, e.revenue_ytd_cny), null),
            gauge('profit_of_revenue', if(e.revenue_ytd_cny is null, null, e.profit_ytd_cny), null),
            gauge('revenue_of_tax', if(e.tax_ytd_cny is null, null, e.revenue_ytd_cny), null),
            gauge('tax_of_revenue', if(e.revenue_ytd_cny is null, null, e.tax_ytd_cny), null),
            gauge('revenue_of_rnd', if(e.rnd_ytd_cny is null, null, e.revenue_ytd_cny), null),
            gauge('rnd_of_revenue', if(e.revenue_ytd_cny is null, null, e.rnd_ytd_cny), null),
            gauge('revenue_of_employees', if(e.employees is null, null, e.revenue_ytd_cny), null),
            gauge('employees_of_revenue', if(e.revenue_ytd_cny is null, null, e.employees), null)
        ] as variables,
        bool_or(a.asked_row is not null or coalesce(q.asks_about_all, false)) as has_open_query,
    from core.enterprise_quarter as e
    -- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
    inner join staging.vintage as v on e.submission = v.submission and e.zone = v.zone and e.period = v.period
    left join staging.open_query as q on e.submission = q.submission and e.zone = q.zone and e.period = q.period
    left join staging.asked_row as a
        on e.submission = a.submission and e.zone = a.zone and e.period = a.period and e.source_row = a.asked_row
    left join ref.industry as i on e.industry = i.code
    group by all
),

listed as (
    select
        g.zone, g.period, g.vintage, g.is_current, g.known_from, g.sector, g.section, g.division,
        unnest(g.variables) as v,
        g.has_open_query,
    from gauged as g
)

select
    l.zone, l.period, l.vintage, l.is_current, l.known_from, l.sector, l.section, l.division,
    l.v.variable,
    l.v.value,
    l.v.contributors,
    l.v.size,
    l.v.squares,
    l.v.largest[1:4] as largest_few,
    if(l.v.variable in ('output_ytd_cny', 'revenue_ytd_cny'), l.v.largest, null) as largest,
    l.v.paired_value,
    l.v.paired_year_earlier,
    l.has_open_query,
from listed as l;
