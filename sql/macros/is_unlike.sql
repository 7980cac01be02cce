-- Whether two years' levels are of unlike scope, so that growth does not follow from them: is_unlike('same_scope') is true.
-- zh: 两期水平的统计范围是否不同（同口径比较的指标），不能由水平推算增速
-- unit: true or false
-- reads: nothing
-- R2 of docs/methodology.md#growth.
create or replace macro is_unlike(growth_comparison) as (
    growth_comparison in ('same_scope', 'same_basis_revised')
);
