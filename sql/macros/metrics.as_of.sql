-- Every figure as it was known at a time (UTC): metrics.as_of('2022-11-01').
-- zh: 截至某一时刻（UTC）所知的全部指标值
-- unit: value and rounding in the base unit of column unit; growth in per cent
-- reads: staging.observation_as_of
-- noqa: disable=RF03, AM04
create or replace macro metrics.as_of(known_at) as table
    select o.*, from staging.observation_as_of(known_at) as o;
