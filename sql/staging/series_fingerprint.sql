-- One row is a long series with a fingerprint of its figures: it changes with any level, growth or quarter of it.
-- zh: 一行是一个期数够多的指标序列，及其各期数值和增速的指纹
-- grain: zone, indicator, industry, basis
-- unit: none
-- reads: staging.observation, staging.long_series
-- Tells whether what was computed of a series still stands, without putting its quarters in order.
create or replace view staging.series_fingerprint as
select
    o.zone, o.indicator, o.industry, o.basis,
    md5(
        string_agg(
            concat(o.period, '|', o.value::varchar, '|', o.growth_reported_pct::varchar), ';' order by o.period
        )
    ) as figures_hash,
    bool_or(o.has_open_query) as has_open_query,
from staging.observation as o
inner join staging.long_series as l
    on o.zone = l.zone and same_series(o.indicator, o.industry, o.basis, l.indicator, l.industry, l.basis)
group by o.zone, o.indicator, o.industry, o.basis;
