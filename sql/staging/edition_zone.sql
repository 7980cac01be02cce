-- One row is a zone in an edition, and whether that is the newest of the zone and quarter.
-- zh: 一行是一期发布所含的一个地区，以及是否为该地区该季度最近的一期
-- grain: edition, zone
-- unit: none; times in UTC
-- reads: ledger.edition
create or replace view staging.edition_zone as
with frozen as (
    select
        e.*,
        unnest(string_split(e.edition_zones, ' ')) as zone,
    from ledger.edition as e
)

select
    f.zone, f.period, f.edition, f.edition_number, f.frozen_at, f.cut_off_at, f.sha256,
    row_number() over (partition by f.zone, f.period order by f.frozen_at desc, f.edition_number desc) = 1 as is_newest,
from frozen as f;
