-- The sum of a variable of enterprises present in both periods, each under the industry it had: pair_sum(pair, is_now).
-- zh: 两期都在的企业的一个变量之合计：本期数按本期行业，上年同期数按上年同期行业
-- unit: the variable's own; an aggregate
-- reads: nothing
create or replace macro pair_sum(pair, is_now) as (
    struct_pack(
        variable := any_value(pair.variable),
        value := sum(pair.value) filter (where is_now),
        base := sum(pair.base) filter (where not is_now),
        contributors := coalesce(sum(pair.contributors) filter (where is_now), 0)::bigint
    )
);
