-- One row is something that a person or a run did to the warehouse: who, what, when.
-- zh: 一行是一次操作：何人何时运行、导出公布、封存、同意、撤销同意、撤回
-- grain: done_at, action, subject
-- unit: none; times in UTC
-- reads: ledger.accepted_revision, ledger.edition, ledger.run, ledger.withdrawal, ledger.withdrawn_acceptance
create or replace view metrics.audit as
select
    r.started_at as done_at,
    'run' as action,
    r.started_by as done_by,
    r.started_on as machine,
    r.run as subject,
    concat_ws(
        ', ', 'jibao ' || r.program_version, r.accepted || ' accepted', r.partial || ' partial',
        r.rejected || ' rejected'
    ) as detail,
from ledger.run as r
union all
-- a run's exports, bulletin and public copy take their place together with its file
select
    r.finished_at as done_at,
    'export' as action,
    r.started_by as done_by,
    r.started_on as machine,
    r.run as subject,
    null as detail,
from ledger.run as r
where r.finished_at is not null
union all
select
    e.frozen_at as done_at,
    'freeze' as action,
    e.frozen_by as done_by,
    null as machine,
    e.edition as subject,
    nullif(e.note, '') as detail,
from ledger.edition as e
union all
select
    a.accepted_at as done_at,
    'accept' as action,
    a.accepted_by as done_by,
    null as machine,
    a.submission as subject,
    a.acceptance_reason as detail,
from ledger.accepted_revision as a
union all
select
    t.withdrawn_at as done_at,
    'withdraw acceptance' as action,
    t.withdrawn_by as done_by,
    null as machine,
    t.submission as subject,
    t.withdrawal_reason as detail,
from ledger.withdrawn_acceptance as t
union all
select
    w.withdrawn_at as done_at,
    'withdraw' as action,
    w.withdrawn_by as done_by,
    null as machine,
    w.submission as subject,
    w.withdrawal_reason as detail,
from ledger.withdrawal as w;
