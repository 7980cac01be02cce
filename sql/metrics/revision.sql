-- One row is a figure with its revisions: first, previous and latest, who changed it last, when and why.
-- zh: 一行是一个指标值及其修订：首次、上次、最新，最近一次由谁、何时、为何修订
-- grain: zone, period, indicator, industry, basis
-- unit: value in the base unit of column unit; _pct in per cent, _pp in percentage points; times in UTC
-- reads: staging.observation_vintage, staging.vintage, ledger.explanation, ledger.submission, ref.indicator
-- A figure that only one submission gave is not revised: its row says so. The reason is what the sender answered to the
-- finding REVISION-REASON of that submission or, where that gave none, of the next that did: it was held against what stood
-- before the change. The revision of a rate is in points (value_revision), never in per cent of the rate.
create or replace view metrics.revision as
with figure as (
    select
        v.*,
        coalesce(figure_text(v.value, v.qualifier), '') || '|' || coalesce(plain(v.growth_reported_pct), '') as said,
    from staging.observation_vintage as v
    where v.vintages > 1
),

compared as (
    select
        f.*,
        min(f.vintage) over same_figure as vintage_first,
        case
            when lag(f.said) over same_figure is null then f.vintage > 1
            else f.said <> lag(f.said) over same_figure
        end as is_change,
    from figure as f
    window same_figure as (
        partition by f.zone, f.period, f.indicator, f.industry, f.basis
        order by f.vintage
    )
),

resubmitted as (
    select
        c.zone, c.period, c.indicator, c.industry, c.basis,
        any_value(c.title_zh) as title_zh,
        any_value(c.title_en) as title_en,
        c.form,
        any_value(c.vintages) as vintages,
        max(c.value) filter (where c.vintage = c.vintage_first) as value_first,
        max(c.value) filter (where c.vintage = c.vintages - 1) as value_previous,
        max(c.value) filter (where c.vintage = c.vintages) as value_latest,
        max(c.growth_reported_pct) filter (where c.vintage = c.vintage_first) as growth_first_pct,
        max(c.growth_reported_pct) filter (where c.vintage = c.vintages - 1) as growth_previous_pct,
        max(c.growth_reported_pct) filter (where c.vintage = c.vintages) as growth_latest_pct,
        any_value(c.unit) as unit,
        min(c.known_from) as first_known_at,
        -- a figure that the latest vintage leaves out was withdrawn by the one after its last
        if(
            max(c.vintage) < any_value(c.vintages),
            max(c.vintage) + 1,
            max(c.vintage) filter (where c.is_change)
        ) as vintage_changed,
        case
            when max(c.vintage) < any_value(c.vintages) then 'withdrawn'
            when max(c.vintage) filter (where c.is_change) is null then 'unrevised'
            when min(c.vintage) > 1 and count(*) filter (where c.is_change) = 1 then 'added'
            else 'revised'
        end as revision_state,
        bool_or(c.has_open_query) as has_open_query,
    from compared as c
    group by c.zone, c.period, c.indicator, c.industry, c.basis, c.form
),

-- a sender explains in the workbook that comes back: with that submission or with the next that gives a reason
explained as (
    select
        w.form, w.zone, w.period, w.vintage,
        arg_min(e.text, struct_pack(r := s.revision, t := s.received_at)) as revision_reason,
        arg_min(e.given_by, struct_pack(r := s.revision, t := s.received_at)) as reason_given_by,
    from ledger.explanation as e
    inner join ledger.submission as s on e.submission = s.submission
    inner join staging.vintage as w
        on
            s.form = w.form
            and s.zone = w.zone
            and s.period = w.period
            and s.revision >= w.revision
            and s.received_at >= w.received_at
    where e.code = 'REVISION-REASON'
    group by w.form, w.zone, w.period, w.vintage
),

every_figure as (
    select
        r.* exclude (vintage_changed),
        w.known_from as revised_at,
        w.sender as revised_by,
        w.submission, w.path, e.revision_reason, e.reason_given_by,
    from resubmitted as r
    left join staging.vintage as w
        on r.form = w.form and r.zone = w.zone and r.period = w.period and r.vintage_changed = w.vintage
    left join explained as e
        on r.form = e.form and r.zone = e.zone and r.period = e.period and r.vintage_changed = e.vintage
    union all by name
    select
        v.zone, v.period, v.indicator, v.industry, v.basis, v.title_zh, v.title_en, v.form, v.vintages,
        v.value as value_first,
        null as value_previous,
        v.value as value_latest,
        v.growth_reported_pct as growth_first_pct,
        null as growth_previous_pct,
        v.growth_reported_pct as growth_latest_pct,
        v.unit,
        v.known_from as first_known_at,
        'unrevised' as revision_state,
        v.has_open_query,
    from staging.observation_vintage as v
    where v.vintages = 1
)

select
    f.zone, f.period, f.indicator, f.industry, f.basis, f.title_zh, f.title_en, f.vintages, f.value_first,
    f.value_previous, f.value_latest, f.unit,
    f.value_latest - f.value_first as value_revision,
    f.value_latest - f.value_previous as value_revision_last,
    case
        when i.flow_type <> 'rate' and f.value_first > 0
            then 100 * (f.value_latest - f.value_first)::double / f.value_first::double
    end as value_revision_pct,
    f.growth_first_pct, f.growth_previous_pct, f.growth_latest_pct,
    f.growth_latest_pct - f.growth_first_pct as growth_revision_pp,
    f.growth_latest_pct - f.growth_previous_pct as growth_revision_last_pp,
    f.revision_state, f.first_known_at, f.revised_at, f.revised_by, f.revision_reason, f.reason_given_by, f.form,
    f.submission, f.path, f.has_open_query,
from every_figure as f
left join ref.indicator as i on f.indicator = i.indicator;
