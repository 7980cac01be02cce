-- Every growth of one indicator?
-- zh: 一个指标的各种增速？
select
    g.growth_reported_pct as ytd_real, round(g.growth_nominal_pct, 2) as ytd_nominal,
    round(g.growth_quarter_real_derived_pct, 2) as quarter_real, round(g.growth_quarter_real_bound_pp, 2) as bound_pp,
    round(g.growth_qoq_pct, 2) as quarter_on_quarter, g.adjustment_en, round(g.growth_two_year_average_pct, 2) as two_year,
from metrics.growth('gdp', 'CN', '2024Q4') as g
