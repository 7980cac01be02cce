-- F7: real growth of a quarter alone, from two year-to-date levels and growths; NULL where the level does not rise.
-- zh: 由两个累计水平及其实际增速推算的当季实际增速
-- unit: per cent; never shown without quarter_real_bound_pp
-- reads: nothing
create or replace macro quarter_real_pct(value, growth, previous_value, previous_growth) as (
    case
        when value > previous_value and growth > -100 and previous_growth > -100
            then (
                (value - previous_value)::double
                / nullif(
                    implied_base(value, growth) - implied_base(previous_value, previous_growth),
                    0
                )
                - 1
            ) * 100
    end
);
