-- How good was the reporting as a whole?
-- zh: 报送质量总体如何？
select
    q.zone, q.period, q.completeness_pct, q.findings_soft, q.explained_pct, q.identities, q.identities_failed,
    q.identities_unchecked, q.figures_mixed_vintage,
from metrics.quality_report as q
where q.form = 'all' and (q.zone = '150571' and q.period = '2022Q3' or q.zone = 'CN' and q.period >= '2024')
order by q.zone, q.period
