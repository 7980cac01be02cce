-- One row is an amount column of a new enterprise register: its median beside that of an earlier quarter.
-- zh: 一行是新企业登记表的一个金额栏，本季中位数与以往季度的中位数
-- grain: submission, field
-- unit: times is a ratio; a year to date is taken per quarter gone by
-- reads: known.enterprise_quarter, ref.rule_parameter
-- The earlier quarter is that of a year before where it is known, else the one before.
create or replace view known.register_level as
with amount as (
    select
        e.seen_by, e.is_own, e.period, e.quarter,
        right(e.period, 1)::integer as quarters_summed,
        min(e.sheet) as sheet,
        median(e.output_ytd_cny) filter (where e.output_ytd_cny > 0) as output_ytd_cny,
        count(*) filter (where e.output_ytd_cny > 0) as output_rows,
        median(e.revenue_ytd_cny) filter (where e.revenue_ytd_cny > 0) as revenue_ytd_cny,
        count(*) filter (where e.revenue_ytd_cny > 0) as revenue_rows,
    from known.enterprise_quarter as e
    group by e.seen_by, e.is_own, e.period, e.quarter
),

level as (
    select
        a.*,
        'output_ytd_cny' as field,
        '总产值本年累计' as column_zh,
        'gross output, year to date' as column_en,
        a.output_ytd_cny::double / a.quarters_summed as usual,
        a.output_rows as rows_used,
    from amount as a
    union all by name
    select
        a.*,
        'revenue_ytd_cny' as field,
        '营业收入本年累计' as column_zh,
        'operating revenue, year to date' as column_en,
        a.revenue_ytd_cny::double / a.quarters_summed as usual,
        a.revenue_rows as rows_used,
    from amount as a
),

enough as (
    select l.*, from level as l
    where l.rows_used >= parameter('register_least_rows')
)

select
    o.seen_by as submission,
    o.sheet, o.field, o.column_zh, o.column_en,
    b.period as before_period,
    o.usual / b.usual as times,
from enough as o
left join enough as b
    on o.seen_by = b.seen_by and o.field = b.field and b.quarter in (o.quarter - 4, o.quarter - 1) and not b.is_own
where o.is_own
qualify row_number() over (partition by o.seen_by, o.field order by b.quarter nulls last) = 1;
