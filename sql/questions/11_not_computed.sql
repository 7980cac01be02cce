-- Which figures cannot be computed, and why?
-- zh: 哪些数算不出来，为什么？
select s.sector, s.quarter_reason, s.growth_ytd_nominal_reason, s.growth_quarter_real_reason,
from metrics.sector_growth as s
where s.zone = '150571'
