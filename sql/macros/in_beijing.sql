-- A time of the warehouse, which is in UTC, as a clock in Beijing shows it.
-- zh: 仓库中的时间（UTC）换算为北京时间
-- unit: time at UTC+8, without a zone
-- reads: nothing
create or replace macro in_beijing(utc) as (utc + interval 8 hours);
