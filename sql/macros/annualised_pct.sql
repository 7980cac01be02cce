-- Growth over a quarter as if it went on for a year, in per cent.
-- zh: 环比增速折年率（%）
-- unit: per cent
-- reads: nothing
create or replace macro annualised_pct(quarter_on_quarter_pct) as (
    (power(1 + quarter_on_quarter_pct / 100, 4) - 1) * 100
);
