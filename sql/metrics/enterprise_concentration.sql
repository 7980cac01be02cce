-- One row is how far the largest enterprises dominate an industry of a zone in a quarter, by output or revenue.
-- zh: 一行是一个地区一个季度一个行业按产值或营业收入计的集中度
-- grain: zone, period, level, industry, sector, variable
-- unit: _pct in per cent; Herfindahl index in points of 10000
-- reads: staging.enterprise_cell
create or replace view metrics.enterprise_concentration as
select
    c.zone, c.period, c.level, c.industry, c.sector, c.variable,
    c.contributors as enterprises,
    percent_of(list_sum(c.largest[1:4]), c.size) as cr4_pct,
    percent_of(list_sum(c.largest[1:10]), c.size) as cr10_pct,
    10000 * c.squares::double / nullif(c.size::double * c.size::double, 0) as herfindahl_index,
    case when coalesce(c.contributors, 0) = 0 then 'not reported' when c.size = 0 then 'all zero' end as concentration_reason,
    c.has_open_query,
from staging.enterprise_cell as c
where c.is_current and c.variable in ('output_ytd_cny', 'revenue_ytd_cny');
