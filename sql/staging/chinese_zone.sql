-- One row is a zone that keeps the Chinese calendar: the nation and every zone that lies in it.
-- zh: 一行是一个过春节的地区：全国及其所属各级地区
-- grain: zone
-- unit: none
-- reads: ref.zone
create or replace view staging.chinese_zone as
with recursive inside as (
    select z.zone,
    from ref.zone as z
    where z.zone = nation()
    union
    select z.zone,
    from ref.zone as z
    inner join inside as i on z.parent = i.zone
)

select i.zone,
from inside as i;
