-- What can be expected of what has not been sent?
-- zh: 没有报来的数大约是多少？
select
    n.title_zh, n.period, n.status, round(n.value_estimated / 1e8) as estimate_100m_cny, round(n.value_low / 1e8) as low,
    round(n.value_high / 1e8) as high, round(n.growth_nominal_pct, 1) as nominal_pct, round(n.error_rms_pct, 2) as error_pct,
from metrics.nowcast as n
where n.zone = 'CN' and n.indicator in ('gdp', 'va_secondary', 'va_tertiary') and n.period = '2025Q1'
order by n.indicator
