-- Does an effect lie within the bounds of Hidiroglou and Berthelot: c quartile distances about the median of the effects?
-- zh: 效应值是否在 Hidiroglou–Berthelot 界限之内：距中位数不超过 c 倍四分位距
-- unit: true or false; all in the unit of the effect
-- reads: ref.rule_parameter
create or replace macro within_hb_bounds(effect, centre, q1, q3, c) as (
    effect between
    centre - c * greatest(centre - q1, abs(parameter('hb_a') * centre))
    and centre + c * greatest(q3 - centre, abs(parameter('hb_a') * centre))
);
