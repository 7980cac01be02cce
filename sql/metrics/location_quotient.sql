-- One row is a sector of a zone in a quarter with its share beside the nation's.
-- zh: 一行是一个地区一个季度的一个产业的区位商：本地比重与全国比重之比
-- grain: zone, period, sector
-- unit: _pct in per cent of the three sectors at current prices, _pp in points; a location_quotient_ratio above 1 is specialised
-- reads: staging.sector_share, ref.sector
-- F17 of docs/methodology.md#structure. A zone is compared with the nation of the same quarter, year to date.
create or replace view metrics.location_quotient as
select
    s.zone, s.period, s.sector, c.title_zh, c.title_en, s.share_pct,
    n.share_pct as share_nation_pct,
    s.share_pct - n.share_pct as share_difference_pp,
    s.share_pct / nullif(n.share_pct, 0) as location_quotient_ratio,
    case
        when s.share_pct is null then 'a sector is missing or the sum is zero'
        when n.period is null then 'the nation is not reported'
        when n.share_pct is null then 'a sector of the nation is missing'
        when n.share_pct = 0 then 'base zero'
    end as location_quotient_reason,
    s.has_open_query or coalesce(n.has_open_query, false) as has_open_query,
from staging.sector_share as s
inner join ref.sector as c on s.sector = c.sector
left join staging.sector_share as n on n.zone = nation() and s.period = n.period and s.sector = n.sector
where s.zone <> nation();
