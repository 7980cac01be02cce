-- One row is a project or investor at a stage in the contract ledger of a quarter, as it stands now.
-- zh: 一行是一个季度招商引资台账中的一个项目或投资方在一个阶段的情况（现行报送）
-- grain: zone, period, party, stage
-- unit: _cny in yuan
-- reads: core.contract_ledger, staging.current_submission, staging.open_query
create or replace view staging.contract_ledger as
select
    c.zone, c.period, c.party, c.party_kind, c.stage, c.tier, c.signed_date, c.amount_signed_cny,
    c.funds_in_place_cny, c.started, c.note, c.submission, s.path, c.sheet, c.source_row,
    is_asked_about(q.asks_about_all, q.rows_asked, c.source_row) as has_open_query,
from core.contract_ledger as c
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on c.submission = s.submission and c.zone = s.zone and c.period = s.period
left join staging.open_query as q on c.submission = q.submission and c.zone = q.zone and c.period = q.period;
