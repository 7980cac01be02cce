-- One row is an enterprise of a new register with the threshold of its industry.
-- zh: 一行是新登记表中的一家企业及其行业的规模（限额）标准
-- grain: submission, sheet, source_row
-- unit: CNY
-- reads: known.enterprise_quarter, ref.industry, ref.threshold
-- Industries without a bound (construction, development of real estate) have no row.
create or replace view known.enterprise_threshold as
with bounded as (
    select
        q.*,
        threshold_of(q.industry, q.period) as bound,
    from known.enterprise_quarter as q
    where q.is_own
)

select
    e.seen_by as submission,
    e.period,
    right(e.period, 1)::integer as quarter_of_year,
    e.uscc, e.enterprise, e.industry, e.above_threshold, e.revenue_ytd_cny,
    e.bound.threshold_cny,
    e.bound.title_zh,
    e.bound.title_en,
    e.sheet,
    e.source_row,
from bounded as e
where e.bound is not null;
