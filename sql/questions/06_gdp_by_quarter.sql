-- What is GDP quarter by quarter?
-- zh: 各季当季的国内生产总值？
select
    s.period,
    round(s.value_ytd_cny / 1e8, 1) as ytd_100m_cny,
    round(s.value_quarter_cny / 1e8, 1) as quarter_100m_cny,
    s.quarter_flag,
from metrics.sector_growth as s
where s.zone = 'CN' and s.sector = 'total' and s.period >= '2023'
order by s.period
