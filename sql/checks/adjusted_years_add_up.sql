-- The four seasonally adjusted quarters of a calendar year sum to the four unadjusted ones.
-- zh: 季节调整后四个季度之和等于未季调四个季度之和
-- reads: derived.seasonal_adjustment
-- Rows returned are failures: a run that finds one is not published. The sums are of doubles, and the program writes 15 digits.
select
    a.zone, a.indicator, a.industry, a.price_basis,
    left(a.period, 4) as year,
    sum(a.value_adjusted) as adjusted,
    sum(a.value_quarter) as unadjusted,
from derived.seasonal_adjustment as a
group by a.series_hash, a.zone, a.indicator, a.industry, a.price_basis, left(a.period, 4)
having
    count(*) = 4
    and abs(sum(a.value_adjusted) - sum(a.value_quarter)) > 1e-6 * greatest(sum(abs(a.value_quarter)), 1e-6);
