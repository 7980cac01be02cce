-- A tolerance of the rules by its name: parameter('hb_c') is 4.
-- zh: 按名称取审核规则的参数
-- unit: as sql/reference/rule_parameter.csv says
-- reads: ref.rule_parameter
-- noqa: disable=RF03
create or replace macro parameter(named) as (
    (
        select p.parameter_value,
        from ref.rule_parameter as p
        where p.parameter = named
    )
);
