-- Nominal growth, real growth and the deflator?
-- zh: 名义增速、实际增速和缩减指数？
select
    s.period, round(s.growth_ytd_nominal_pct, 2) as nominal_pct, s.growth_ytd_real_pct as real_pct,
    round(s.deflator_ytd_change_pct, 2) as deflator_pct,
from metrics.sector_growth as s
where s.zone = 'CN' and s.sector = 'total' and s.period between '2022Q1' and '2024Q4'
order by s.period
