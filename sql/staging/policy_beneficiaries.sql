-- One row is an enterprise that receives preferential-policy payments, as the list of a quarter stands now.
-- zh: 一行是一个季度惠企政策兑现名录中的一家企业（现行报送）
-- grain: zone, period, enterprise
-- unit: none
-- reads: core.policy_beneficiaries, staging.current_submission
create or replace view staging.policy_beneficiaries as
select
    b.zone, b.period, b.enterprise, b.status, b.note, b.submission, s.path, b.sheet, b.source_row,
from core.policy_beneficiaries as b
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on b.submission = s.submission and b.zone = s.zone and b.period = s.period;
