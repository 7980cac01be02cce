-- One row is a sector of a zone in a quarter, with its share of what the three sectors add up to, year to date.
-- zh: 一行是一个地区一个季度的一个产业（累计）及其在三次产业合计中的比重
-- grain: zone, period, sector
-- unit: share_pct in per cent
-- reads: staging.observation
-- A view of its own, because it is read twice, of a zone and of the nation: DuckDB keeps what a query reads twice, and no
-- filter on a zone would reach it.
create or replace view staging.sector_share as
select
    o.zone, o.period, o.sector,
    percent_of(o.value, all_three(count(o.value) over whole, sum(o.value) over whole)) as share_pct,
    bool_or(o.has_open_query) over whole as has_open_query,
from staging.observation as o
where o.sector <> 'total' and o.basis = 'ytd' and o.industry is null
window whole as (partition by o.zone, o.period);
