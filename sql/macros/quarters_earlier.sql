-- What a zone had so many quarters earlier, a row or a value: quarters_earlier(r, r.zone, r.period, 4) is that of a year before.
-- zh: 同一地区若干季度以前的一行或一个值；当季未报的为空
-- unit: that of what is asked for; a window
-- reads: nothing
-- By one window and no join, so that a filter on a zone reaches the scan; by time, so that a quarter not sent stays missing.
create or replace macro quarters_earlier(figure, zone, period, quarters) as (
    first_value(figure) over (
        partition by zone order by period_number(period)
        range between quarters preceding and quarters preceding
    )
);
