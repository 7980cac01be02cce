-- What moved in the published figures between two times (UTC), or by a run and all after it (since_run := its id): metrics.moved_between('2022-11-01', '2022-12-01').
-- zh: 两个时刻（UTC）之间，或某次运行及以后各次运行（since_run := 运行编号），哪些公布数有了变动
-- unit: column unit; the figures as text, exact
-- reads: metrics.figure, metrics.figure_as_of, metrics.figure_before
-- With since_run in place of the times: from the warehouse without the submissions, editions and acceptances that that run and
-- all after it brought, to what is there now. A side that is not given is empty: nothing was known before all time. A figure of
-- another quarter that is computed from a revised one is listed too. (NULL for a default would come back from a lake as a text.)
-- noqa: disable=RF03, AM04
create or replace macro metrics.moved_between(known_at := '-infinity', known_later_at := '-infinity', since_run := '') as table
    with side as (
        select
            b.*,
            'before' as side,
        from metrics.figure_as_of(known_at) as b
        union all
        select
            r.*,
            'before' as side,
        from metrics.figure_before(since_run) as r
        union all
        select
            n.*,
            'now' as side,
        from metrics.figure_as_of(known_later_at) as n
        union all
        select
            f.*,
            'now' as side,
        from metrics.figure as f
        where since_run <> ''
    )

    select
        s.* exclude (value, value_text, unit, form, submission, has_open_query, side),
        any_value(s.value_text) filter (where s.side = 'before') as value_before,
        any_value(s.value_text) filter (where s.side = 'now') as value_now,
        any_value(s.value) filter (where s.side = 'now')
        - any_value(s.value) filter (where s.side = 'before') as difference_of_values,
        any_value(s.unit) as unit,
        coalesce(bool_or(s.has_open_query) filter (where s.side = 'now'), false) as has_open_query,
        case
            when value_before is null then 'new'
            when value_now is null then 'withdrawn'
            else 'revised'
        end as move,
    from side as s
    group by all
    having value_before is distinct from value_now
    order by s.zone, s.period, s.metric, s.item, s.measure;
