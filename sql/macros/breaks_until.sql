-- How many breaks of a series there are up to and in a quarter: two figures are on one basis where the counts are the same.
-- zh: 到某季度为止（含该季度）一个序列的断点个数；个数相同的两个数口径一致
-- unit: a count; breaks are those of staging.broken_series, NULL where there are none
-- reads: nothing
create or replace macro breaks_until(breaks, until_period) as (
    coalesce(len(list_filter(breaks, lambda a_break: a_break.period <= until_period)), 0)
);
