-- One row is something that happened to an enterprise since the register of the quarter before.
-- zh: 一行是一家企业与上一季度企业报表相比的一项变动：新进、退出、升规、退规、转行业
-- grain: zone, period, uscc, event
-- unit: none
-- reads: staging.enterprise_quarter, staging.current_submission
-- Events: entered, left, rose (above the threshold now and not before, a new enterprise among them), fell (below it now
-- and above before), moved (another division). Where there is no register of the quarter before, nothing is known.
create or replace view metrics.enterprise_event as
with consecutive as (
    select
        s.zone,
        s.period,
        quarters_earlier(s.period, s.zone, s.period, 1) as period_before,
    from staging.current_submission as s
    where s.form = 'enterprise_quarter'
    qualify period_before is not null
),

now_there as (
    select e.*,
    from consecutive as c
    inner join staging.enterprise_quarter as e on c.zone = e.zone and c.period = e.period
),

there_before as (
    select e.* replace (c.period as period),
    from consecutive as c
    inner join staging.enterprise_quarter as e on c.zone = e.zone and c.period_before = e.period
),

compared as (
    select
        coalesce(n.zone, b.zone) as zone,
        coalesce(n.period, b.period) as period,
        coalesce(n.uscc, b.uscc) as uscc,
        coalesce(n.enterprise, b.enterprise) as enterprise,
        n.industry,
        b.industry as industry_before,
        unnest([
            if(b.uscc is null, 'entered', null),
            if(n.uscc is null, 'left', null),
            if(n.above_threshold and not coalesce(b.above_threshold, false), 'rose', null),
            if(not n.above_threshold and b.above_threshold, 'fell', null),
            if(n.division is distinct from b.division and n.uscc is not null and b.uscc is not null, 'moved', null)
        ]) as event,
    from now_there as n
    full join there_before as b on n.zone = b.zone and n.period = b.period and n.uscc = b.uscc
)

select
    c.zone, c.period, c.uscc, c.enterprise, c.event, c.industry, c.industry_before,
from compared as c
where c.event is not null;
