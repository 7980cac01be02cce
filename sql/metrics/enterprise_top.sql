-- One row is one of the ten largest enterprises of a zone in a quarter by revenue, with its share.
-- zh: 一行是一个地区一个季度营业收入前十位的企业之一及其占比
-- grain: zone, period, uscc
-- unit: _cny in yuan, _pct in per cent
-- reads: staging.enterprise_quarter
-- Names of enterprises: for the office alone.
create or replace view metrics.enterprise_top as
select
    e.zone,
    e.period,
    -- the code settles a tie, so that the list is the same every time
    row_number() over ranked as rank,
    e.uscc, e.enterprise, e.industry, e.revenue_ytd_cny,
    percent_of(e.revenue_ytd_cny, sum(e.revenue_ytd_cny) over in_zone) as share_pct,
    percent_of(sum(e.revenue_ytd_cny) over ranked, sum(e.revenue_ytd_cny) over in_zone)
        as share_cumulative_pct,
    case when sum(e.revenue_ytd_cny) over in_zone = 0 then 'all zero' end as share_reason,
    bool_or(e.has_open_query) over in_zone as has_open_query,
from staging.enterprise_quarter as e
where e.revenue_ytd_cny is not null
window
    in_zone as (partition by e.zone, e.period),
    ranked as (partition by e.zone, e.period order by e.revenue_ytd_cny desc, e.uscc asc rows unbounded preceding)
qualify row_number() over ranked <= 10
order by e.zone, e.period, rank;
