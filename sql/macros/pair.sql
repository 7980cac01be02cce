-- A variable of the enterprises of two periods, of those alone that give it in both: pair('employees', now, before).
-- zh: 两期都报数的企业的一个变量在两期的合计
-- unit: the variable's own; an aggregate
-- reads: nothing
create or replace macro pair(named, amount, amount_before) as (
    struct_pack(
        variable := named,
        value := sum(amount::decimal(18, 2)) filter (where amount_before is not null),
        base := sum(amount_before::decimal(18, 2)) filter (where amount is not null),
        contributors := count(amount) filter (where amount_before is not null)
    )
);
