-- One row is a key project in the ledger of a quarter, as it stands now.
-- zh: 一行是一个季度重点项目台账中的一个项目（现行报送）
-- grain: zone, period, project
-- unit: _cny in yuan
-- reads: core.project_ledger, staging.current_submission, staging.open_query
create or replace view staging.project_ledger as
select
    p.zone, p.period, p.project, p.domain, p.stage, p.investment_planned_cny, p.investment_completed_cny,
    p.start_date, p.next_milestone, p.next_milestone_date, p.note, p.submission, s.path, p.sheet, p.source_row,
    is_asked_about(q.asks_about_all, q.rows_asked, p.source_row) as has_open_query,
from core.project_ledger as p
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on p.submission = s.submission and p.zone = s.zone and p.period = s.period
left join staging.open_query as q on p.submission = q.submission and p.zone = q.zone and p.period = q.period;
