-- One row is an enterprise of a new register with the threshold of its industry.
-- zh: 一行是新登记表中的一家企业及其行业的规模（限额）标准
-- grain: submission, sheet, source_row
-- unit: CNY
-- reads: known.enterprise_quarter, ref.industry, ref.threshold
-- The class goes before the division, the division before the section. Industries without a bound (construction,
-- development of real estate) have no row.
create or replace view known.enterprise_threshold as
with bound as (
    select
        i.code as industry,
        t.threshold_cny,
        t.valid_from,
        t.valid_to,
        t.title_zh,
        t.title_en,
    from ref.industry as i
    inner join ref.threshold as t on t.industry in (i.code, i.division, i.section)
    qualify row_number() over (partition by i.code, t.valid_from order by length(t.industry) desc) = 1
)

select
    e.seen_by as submission,
    e.period,
    right(e.period, 1)::integer as quarter_of_year,
    e.uscc,
    e.enterprise,
    e.industry,
    e.above_threshold,
    e.revenue_ytd_cny,
    b.threshold_cny,
    b.title_zh,
    b.title_en,
    e.sheet,
    e.source_row,
from known.enterprise_quarter as e
inner join bound as b
    on e.industry = b.industry and e.period >= b.valid_from and (b.valid_to is null or e.period <= b.valid_to)
where e.is_own;
