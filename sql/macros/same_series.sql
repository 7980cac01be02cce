-- Are two figures of one series: the same indicator, industry and basis? same_series(a.indicator, a.industry, a.basis, b.…).
-- zh: 两个数是否属于同一序列：指标、行业、口径都相同
-- unit: true or false; the total of an indicator has no industry
-- reads: nothing
create or replace macro same_series(indicator, industry, basis, other_indicator, other_industry, other_basis) as (
    indicator = other_indicator and industry is not distinct from other_industry and basis = other_basis
);
