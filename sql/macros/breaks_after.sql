-- The breaks of a series after one quarter, up to and in another: what a comparison of the two crosses.
-- zh: 一个序列在两个季度之间（不含前者、含后者）的断点
-- unit: a list; breaks are those of staging.broken_series
-- reads: nothing
create or replace macro breaks_after(breaks, after_period, until_period) as (
    list_filter(breaks, lambda a_break: a_break.period > after_period and a_break.period <= until_period)
);
