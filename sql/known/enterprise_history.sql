-- One row is an enterprise of a new register beside its own rows of the quarter before and of a year earlier.
-- zh: 一行是新登记表中的一家企业，以及它上一季度和上年同期的数
-- grain: submission, uscc
-- unit: amounts in CNY, employees in persons; unit_cny is one of the unit that the sheet prints
-- reads: known.enterprise_quarter, known.heading
-- The quarter before is of the same year: a year to date starts anew in January, and in a first quarter it is 0.
create or replace view known.enterprise_history as
with printed as (
    select
        h.submission,
        h.sheet,
        max(h.factor) as unit_cny,
    from known.heading as h
    where h.field like '%_cny'
    group by h.submission, h.sheet
)

select
    o.seen_by as submission,
    o.period,
    right(o.period, 1)::integer as quarter_of_year,
    o.uscc, o.output_quarter_cny, o.output_ytd_cny, o.output_ytd_year_earlier_cny, o.revenue_quarter_cny,
    o.revenue_ytd_cny, o.revenue_ytd_year_earlier_cny, o.profit_quarter_cny, o.profit_ytd_cny,
    o.profit_ytd_year_earlier_cny, o.tax_quarter_cny, o.tax_ytd_cny, o.tax_ytd_year_earlier_cny, o.rnd_quarter_cny,
    o.rnd_ytd_cny, o.rnd_ytd_year_earlier_cny, o.employees_year_earlier,
    -- a sheet that names no unit is in that of the form
    coalesce(p.unit_cny, 1000) as unit_cny,
    b.period as before_period,
    if(quarter_of_year = 1, 0, b.output_ytd_cny) as before_output_ytd_cny,
    if(quarter_of_year = 1, 0, b.revenue_ytd_cny) as before_revenue_ytd_cny,
    if(quarter_of_year = 1, 0, b.profit_ytd_cny) as before_profit_ytd_cny,
    if(quarter_of_year = 1, 0, b.tax_ytd_cny) as before_tax_ytd_cny,
    if(quarter_of_year = 1, 0, b.rnd_ytd_cny) as before_rnd_ytd_cny,
    y.period as year_period,
    y.output_ytd_cny as year_output_ytd_cny,
    y.revenue_ytd_cny as year_revenue_ytd_cny,
    y.profit_ytd_cny as year_profit_ytd_cny,
    y.tax_ytd_cny as year_tax_ytd_cny,
    y.rnd_ytd_cny as year_rnd_ytd_cny,
    y.employees as year_employees,
    o.sheet,
    o.source_row,
from known.enterprise_quarter as o
left join printed as p on o.submission = p.submission and o.sheet is not distinct from p.sheet
left join known.enterprise_quarter as b
    on o.seen_by = b.seen_by and o.uscc = b.uscc and b.quarter = o.quarter - 1 and left(b.period, 4) = left(o.period, 4)
left join known.enterprise_quarter as y on o.seen_by = y.seen_by and o.uscc = y.uscc and y.quarter = o.quarter - 4
where o.is_own;
