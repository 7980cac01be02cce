-- What was known on a date?
-- zh: 某一日之前知道什么？
select '2015-01-01' as known_at, count(*) as figures, from metrics.as_of('2015-01-01')
union all
select '2026-11-24' as known_at, count(*) as figures, from metrics.as_of('2026-11-24')
order by known_at
