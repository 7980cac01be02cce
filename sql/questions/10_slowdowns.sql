-- In which quarters did year-to-date growth slow down?
-- zh: 增速由快转慢的是哪些季度？
select s.period, s.growth_ytd_real_pct, p.growth_ytd_real_pct as quarter_before_pct,
from metrics.sector_growth as s
inner join metrics.sector_growth as p on s.zone = p.zone and s.sector = p.sector and p.period = period_previous(s.period)
where s.zone = 'CN' and s.sector = 'total' and s.growth_ytd_real_pct < p.growth_ytd_real_pct
order by s.period
