-- One row is a quarter benchmarked to the final figure of its year, beside the quarter as it was printed.
-- zh: 一行是一个当季数：原发布的，以及按最终年度数调整后的（Denton 比例一阶差分法）；两者并列，互不覆盖
-- grain: zone, period, indicator, industry
-- unit: values in the base unit of column unit; benchmark_ratio is of the two
-- reads: derived.benchmarked_quarter, staging.benchmark_series, staging.broken_series, staging.local_title, ref.indicator
-- F34 of docs/methodology.md#benchmark. Four benchmarked quarters add up to the year as it stands. Rows while the series that they were
-- computed from still stands.
create or replace view metrics.benchmarked_quarter as
select
    q.zone, q.period, q.indicator, q.industry,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    q.unit,
    q.value_quarter as value_quarter_printed,
    q.value_benchmarked,
    q.value_benchmarked / nullif(q.value_quarter, 0) as benchmark_ratio,
    growth_pct(
        q.value_benchmarked,
        first_value(q.value_benchmarked) over (
            partition by q.zone, q.indicator, q.industry order by period_number(q.period)
            range between 4 preceding and 4 preceding
        )
    ) as growth_benchmarked_nominal_pct,
    if(len(breaks_after(b.breaks, period_year_earlier(q.period), q.period)) > 0, 'break since a year earlier', null)
        as growth_flag,
    q.method,
    q.method_version,
    s.has_open_query,
from derived.benchmarked_quarter as q
inner join staging.benchmark_series as s
    on
        q.zone = s.zone
        and q.indicator = s.indicator
        and q.industry is not distinct from s.industry
        and q.series_hash = s.series_hash
inner join ref.indicator as i on q.indicator = i.indicator
left join staging.broken_series as b on q.zone = b.zone and q.indicator = b.indicator
left join staging.local_title as t on q.zone = t.zone and q.indicator = t.indicator;
