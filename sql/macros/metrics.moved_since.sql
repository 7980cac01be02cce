-- What moved in the published figures by a run and all after it: metrics.moved_since('20221105T010000Z-1a2b3c').
-- zh: 某次运行及以后各次运行使哪些公布数有了变动
-- unit: column unit; the figures as text, exact
-- reads: metrics.figure, metrics.figure_before
-- Before is the warehouse without the submissions, editions and acceptances that these runs brought. A
-- figure of another quarter that is computed from a revised one is listed too.
-- noqa: disable=RF03
create or replace macro metrics.moved_since(since_run) as table
    with side as (
        select
            b.*,
            'before' as side,
        from metrics.figure_before(since_run) as b
        union all
        select
            n.*,
            'now' as side,
        from metrics.figure as n
    )

    select
        s.zone,
        s.period,
        s.metric,
        s.item,
        s.measure,
        any_value(s.value_text) filter (where s.side = 'before') as value_before,
        any_value(s.value_text) filter (where s.side = 'now') as value_now,
        any_value(s.value) filter (where s.side = 'now')
        - any_value(s.value) filter (where s.side = 'before') as difference_of_values,
        any_value(s.unit) as unit,
        case
            when value_before is null then 'new'
            when value_now is null then 'withdrawn'
            else 'revised'
        end as move,
    from side as s
    group by s.zone, s.period, s.metric, s.item, s.measure
    having value_before is distinct from value_now
    order by s.zone, s.period, s.metric, s.item, s.measure;
