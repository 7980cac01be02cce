-- The shares of the three sectors add up to 100.
-- zh: 三次产业比重之和为 100
-- reads: metrics.sector_growth
-- Rows returned are failures: a run that finds one is not published.
select
    g.zone,
    g.period,
    sum(g.share_pct) as share_sum_pct,
from metrics.sector_growth as g
where g.sector <> 'total'
group by g.zone, g.period
having abs(sum(g.share_pct) - 100) > 1e-6 and count(g.share_pct) = 3;
