-- What moved in the published figures by a run and all after it: metrics.moved_since('20221105T010000Z-1a2b3c').
-- zh: 某次运行及以后各次运行使哪些公布数有了变动
-- unit: column unit; the figures as text, exact
-- reads: metrics.moved_between
-- Before is the warehouse without the submissions, editions and acceptances that these runs brought.
-- noqa: disable=RF03, AM04
create or replace macro metrics.moved_since(since_run) as table
    select m.*, from metrics.moved_between(null, null, since_run := since_run) as m;
