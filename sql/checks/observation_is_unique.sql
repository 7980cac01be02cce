-- A figure stands once: zone, period, indicator, industry and basis name one row.
-- zh: 每个指标值只有一行
-- reads: staging.observation
-- Rows returned are failures: a run that finds one is not published.
select
    o.zone,
    struct_pack(o.zone, o.period, o.indicator, o.industry, o.basis) as figure,
    count(*) as rows_found,
from staging.observation as o
group by o.zone, figure
having count(*) > 1;
