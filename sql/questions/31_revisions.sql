-- By how much was it revised?
-- zh: 修订了多少？
select
    r.title_zh, r.vintages, round(r.value_first / 1e8, 2) as first_100m, round(r.value_previous / 1e8, 2) as previous_100m,
    round(r.value_latest / 1e8, 2) as latest_100m, r.growth_revision_pp, r.revision_state, r.revised_by, r.revised_at,
from metrics.revision as r
where r.zone = '150571' and r.form = 'gdp'
order by r.indicator
