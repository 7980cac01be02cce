-- Whether an industry is part of one that is stated before it, as manufacturing (C) of industry (BTD: sections B to D).
-- zh: 一个行业是否为列在它前面的某个行业的一部分，如工业（BTD）之中的制造业（C）
-- unit: true or false; stated is a list of codes, section that of the industry, NULL for an aggregate
-- reads: nothing
create or replace macro is_part_of_one(industry, section, stated) as (
    coalesce(
        list_bool_or(
            list_transform(stated, lambda one: one < industry and section between left(one, 1) and right(one, 1))
        ),
        false
    )
);
