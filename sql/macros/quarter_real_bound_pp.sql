-- F7: how far the rounding of the printed growth can move quarter_real_pct; NULL where the level does not rise.
-- zh: 当季实际增速推算值的修约误差界
-- unit: percentage points, to either side
-- reads: nothing
create or replace macro quarter_real_bound_pp(value, decimals, previous_value, previous_decimals) as (
    case
        when value > previous_value
            then
                power(10, -decimals) / 2 * (value / (value - previous_value) + 1)
                + power(10, -previous_decimals) / 2 * previous_value / (value - previous_value)
    end
);
