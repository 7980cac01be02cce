-- Are revisions biased?
-- zh: 修订有没有偏向？
select
    q.indicator, q.measure, q.horizon, q.figures as n, q.figures_revised as revised, round(q.mean_revision, 4) as mr,
    round(q.mean_absolute_revision, 4) as mar, round(q.root_mean_square_revision, 4) as rmsr, round(q.positive_pct) as up_pct,
    round(q.t_statistic, 2) as t, q.is_biased, q.revision_quality_reason as reason,
from metrics.revision_quality as q
where q.zone = 'all' and q.indicator = 'gdp' and q.horizon in ('one quarter', 'final')
order by all
