-- One row is a quarter that a zone has sent anything for.
-- zh: 一行是一个地区报送过任何报表的一个季度
-- grain: zone, period
-- unit: none
-- reads: staging.placed_submission
create or replace view staging.sent_quarter as
select distinct
    p.zone,
    p.period,
from staging.placed_submission as p;
