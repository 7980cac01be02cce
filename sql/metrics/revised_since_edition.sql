-- One row is a figure published in the newest edition of a zone and quarter, or since: unchanged, revised, new or withdrawn.
-- zh: 一行是最近一期发布以来的一个数：未变、修订、新增、撤回
-- grain: zone, period, metric, item, measure
-- unit: column unit; the figures as text, exact
-- reads: ledger.edition, ledger.edition_figure, metrics.figure
create or replace view metrics.revised_since_edition as
with newest as (
    select
        f.zone,
        e.period,
        arg_max(e.edition, struct_pack(t := e.frozen_at, n := e.edition_number)) as edition,
    from ledger.edition as e
    inner join ledger.edition_figure as f on e.edition = f.edition
    group by f.zone, e.period
),

side as (
    select
        f.*,
        'published' as side,
    from newest as n
    inner join ledger.edition_figure as f on n.edition = f.edition and n.zone = f.zone and n.period = f.period
    union all by name
    select
        f.*,
        n.edition,
        'now' as side,
    from newest as n
    inner join metrics.figure as f on n.zone = f.zone and n.period = f.period
)

select
    s.zone, s.period, s.metric, s.item, s.measure,
    any_value(s.edition) as edition,
    any_value(s.value_text) filter (where s.side = 'published') as value_published,
    any_value(s.value_text) filter (where s.side = 'now') as value_now,
    any_value(s.value) filter (where s.side = 'now')
    - any_value(s.value) filter (where s.side = 'published') as difference_of_values,
    any_value(s.unit) as unit,
    case
        when value_published is null then 'new'
        when value_now is null then 'withdrawn'
        when value_published <> value_now then 'revised'
        else 'unchanged'
    end as move,
    coalesce(bool_or(s.has_open_query) filter (where s.side = 'now'), false) as has_open_query,
from side as s
group by s.zone, s.period, s.metric, s.item, s.measure
order by s.zone, s.period, s.metric, s.item, s.measure;
