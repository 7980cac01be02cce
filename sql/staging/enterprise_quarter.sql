-- One row is an enterprise in the register of a quarter, as it stands now, with its place in the classification.
-- zh: 一行是一个季度企业报表中的一家企业（现行报送），带行业归类
-- grain: zone, period, uscc
-- unit: _cny in yuan; persons
-- reads: core.enterprise_quarter, staging.current_submission, staging.open_query, staging.asked_row, ref.industry
-- The sector follows the division, never the section's letter (docs/methodology.md#classification).
create or replace view staging.enterprise_quarter as
select
    e.zone, e.period, e.uscc, e.enterprise, e.industry, i.division, i.section, i.sector, e.above_threshold,
    e.output_quarter_cny, e.output_ytd_cny, e.output_ytd_year_earlier_cny, e.revenue_quarter_cny, e.revenue_ytd_cny,
    e.revenue_ytd_year_earlier_cny, e.profit_quarter_cny, e.profit_ytd_cny, e.profit_ytd_year_earlier_cny,
    e.tax_quarter_cny, e.tax_ytd_cny, e.tax_ytd_year_earlier_cny, e.rnd_quarter_cny, e.rnd_ytd_cny,
    e.rnd_ytd_year_earlier_cny, e.employees, e.employees_year_earlier, e.submission, s.path, e.sheet, e.source_row,
    a.asked_row is not null or coalesce(q.asks_about_all, false) as has_open_query,
from core.enterprise_quarter as e
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on e.submission = s.submission and e.zone = s.zone and e.period = s.period
left join staging.open_query as q on e.submission = q.submission and e.zone = q.zone and e.period = q.period
left join staging.asked_row as a
    on e.submission = a.submission and e.zone = a.zone and e.period = a.period and e.source_row = a.asked_row
left join ref.industry as i on e.industry = i.code;
