-- One row is an enterprise in a tier of cultivation, as the list stands now.
-- zh: 一行是培育名录中一家企业在一个层级的现行状态
-- grain: zone, period, tier, enterprise
-- unit: none
-- reads: core.cultivation_pool, staging.current_submission
create or replace view staging.cultivation_pool as
select
    p.zone, p.period, p.tier, p.enterprise, p.status, p.uscc, p.note, p.submission, s.path, p.sheet, p.source_row,
from core.cultivation_pool as p
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on p.submission = s.submission and p.zone = s.zone and p.period = s.period;
