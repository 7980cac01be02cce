-- What has changed since the last edition?
-- zh: 自上期发布以来有何变化？
select e.edition, e.metric, e.move, count(*) as figures,
from metrics.revised_since_edition as e
group by all
order by all
