-- How fast did the single quarter grow, in real terms?
-- zh: 当季实际增长多少？
select s.period, round(s.growth_quarter_real_derived_pct, 2) as derived_pct, round(s.growth_quarter_real_bound_pp, 2) as bound_pp,
from metrics.sector_growth as s
where s.zone = 'CN' and s.sector = 'total' and s.period like '2024%'
order by s.period
