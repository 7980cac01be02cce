-- One row is an indicator of a zone with how good its expected figures were, held against what was sent later.
-- zh: 一行是一个地区的一个指标：以往推算数与后来报送数之差
-- grain: zone, indicator
-- unit: _pct in per cent of what was sent; errors above zero were too high
-- reads: staging.expected_figure, staging.local_title, ref.indicator
-- F32 of docs/methodology.md#nowcast. Each quarter that was sent is expected once more from the quarters before it, as they stand
-- now. naive is the error of the plain guess that growth over a year is nil.
create or replace view metrics.nowcast_score as
select
    e.zone,
    e.indicator,
    any_value(coalesce(t.title_zh, i.title_zh)) as title_zh,
    any_value(coalesce(t.title_en, i.title_en)) as title_en,
    count(e.error_pct) as quarters,
    min(e.period) filter (where e.error_pct is not null) as first_period,
    max(e.period) filter (where e.error_pct is not null) as last_period,
    sum(addend(e.error_pct))::double / nullif(count(e.error_pct), 0) as error_mean_pct,
    sum(addend(abs(e.error_pct)))::double / nullif(count(e.error_pct), 0) as error_mean_absolute_pct,
    sqrt(sum(addend(e.error_pct * e.error_pct))::double / nullif(count(e.error_pct), 0)) as error_rms_pct,
    sum(addend(if(e.error_pct is null, null, abs(100 * (e.value_year_earlier / nullif(e.value, 0) - 1)))))::double
    / nullif(count(e.error_pct), 0) as error_naive_pct,
    100.0::double * count(*) filter (where e.errors > 2 and abs(e.error_pct) <= t_quantile(e.errors) * e.error_rms_pct)
    / nullif(count(e.error_pct) filter (where e.errors > 2), 0) as within_interval_pct,
    bool_or(e.has_open_query or e.past_has_open_query) as has_open_query,
from staging.expected_figure as e
inner join ref.indicator as i on e.indicator = i.indicator
left join staging.local_title as t on e.zone = t.zone and e.indicator = t.indicator
group by e.zone, e.indicator
having count(e.error_pct) > 0;
