-- What is the two-year average growth?
-- zh: 两年平均增速？
select
    s.period, s.growth_ytd_real_pct as growth_pct, p.growth_ytd_real_pct as year_earlier_pct,
    round((sqrt((1 + s.growth_ytd_real_pct / 100) * (1 + p.growth_ytd_real_pct / 100)) - 1) * 100, 2) as two_year_pct,
from metrics.sector_growth as s
inner join metrics.sector_growth as p on s.zone = p.zone and s.sector = p.sector and p.period = period_year_earlier(s.period)
where s.zone = 'CN' and s.sector = 'total' and s.period between '2022Q1' and '2024Q4'
order by s.period
