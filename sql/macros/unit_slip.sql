-- Which amount makes a sum hold if it is so many times what was sent: unit_slip([100, 1, 39, 0.006], 0.02) is {n: 4, factor: 10000}.
-- zh: 合计与分项不符时，哪一项改为原数的多少倍即可相符（计量单位或小数点错位）
-- unit: amounts, the total first, and tolerance in one unit; NULL where none of them does, or more than one
-- reads: nothing
create or replace macro unit_slip(amounts, tolerance) as (
    with slipped as (
        select struct_pack(n := a.n, factor := f.factor) as slip,
        from range(1, len(amounts) + 1) as a (n), unnest([10, 100, 1000, 10000, 0.1, 0.01, 0.001, 0.0001]) as f (factor) -- noqa: RF03
        where
            amounts[a.n] <> 0 -- noqa: RF03
            -- a printed digit is as many times as large
            and abs(
                2 * amounts[1] - list_sum(amounts) + if(a.n = 1, f.factor - 1, 1 - f.factor) * amounts[a.n] -- noqa: RF03
            ) <= tolerance * (1 + f.factor / len(amounts)) -- noqa: RF03
    )

    select if(count(*) = 1, any_value(s.slip), null), from slipped as s
);
