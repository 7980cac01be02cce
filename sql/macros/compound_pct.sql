-- F12: average yearly growth that turns base into value in so many years: compound_pct(121, 100, 2) is 10.
-- zh: 年均增长率（几何平均）
-- unit: per cent; NULL where growth_pct is, or where years is not positive
-- reads: nothing
create or replace macro compound_pct(value, base, years) as (
    case when base > 0 and value >= 0 and years > 0 then (power(value::double / base::double, 1.0 / years) - 1) * 100 end
);
