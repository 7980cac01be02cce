-- What is the ratio of urban to rural income?
-- zh: 城乡居民收入比？
select
    round(u.value / r.value, 3) as ratio,
    round((u.value / (1 + u.growth_reported_pct / 100)) / (r.value / (1 + r.growth_reported_pct / 100)), 3) as ratio_year_earlier,
from staging.observation as u
inner join staging.observation as r on u.zone = r.zone and u.period = r.period and r.indicator = 'income_rural'
where u.indicator = 'income_urban' and u.zone = '150571'
