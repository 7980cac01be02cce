-- One row is an indicator of a zone in a quarter, with its growth as reported and as levels give it.
-- zh: 一行是一个地区一个季度的一个指标：数值、报送增速、由现价水平推算的名义增速
-- grain: zone, period, indicator, industry, basis
-- unit: value in the base unit of column unit; growth in per cent
-- reads: staging.observation, staging.broken_series, ref.indicator, staging.local_title
-- Reported growth is never overwritten by the growth of levels: F2, F4 and docs/methodology.md#growth. Titles come
-- last: the join to a year earlier would carry them along.
create or replace view metrics.indicator_growth as
with compared as (
    select
        o.*,
        b.value as value_year_earlier,
        b.qualifier as qualifier_year_earlier,
        b.has_open_query as year_earlier_has_open_query,
    from staging.observation as o
    left join staging.observation as b
        on
            o.zone = b.zone
            and same_series(o.indicator, o.industry, o.basis, b.indicator, b.industry, b.basis)
            and b.period = period_year_earlier(o.period)
)

select
    c.zone, c.period, c.indicator, c.industry, c.basis,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    c.value, c.unit, c.value_reported, c.unit_reported, c.decimals_reported, c.growth_reported_pct, i.price_basis,
    i.growth_comparison,
    case
        when i.flow_type <> 'rate' and c.basis <> 'plan' and not is_unlike(i.growth_comparison)
            then growth_pct(c.value, c.value_year_earlier)
    end as growth_nominal_pct,
    c.value_year_earlier, c.qualifier, c.obs_status,
    case when c.value is null then if(c.growth_reported_pct is null, 'not reported', 'growth only') end as value_reason,
    case
        when i.flow_type = 'rate' then 'a rate has no growth, only a change in points'
        when c.basis = 'plan' then 'a plan has no growth'
        when growth_pct(c.value, c.value_year_earlier) is not null and is_unlike(i.growth_comparison)
            then 'levels of unlike scope: see the growth reported'
        else why_no_growth(c.value, c.value_year_earlier)
    end as growth_nominal_reason,
    if(
        c.value_year_earlier is not null and len(breaks_after(s.breaks, period_year_earlier(c.period), c.period)) > 0,
        'break since a year earlier', null
    ) as growth_flag,
    c.qualifier <> 'exact' or coalesce(c.qualifier_year_earlier, 'exact') <> 'exact' as is_qualified,
    i.department_zh, i.department_en, c.note, c.form, c.submission, c.path, c.sheet, c.source_row, c.received_at,
    c.has_open_query as figure_has_open_query,
    c.has_open_query or coalesce(c.year_earlier_has_open_query, false) as has_open_query,
from compared as c
inner join ref.indicator as i on c.indicator = i.indicator
left join staging.broken_series as s on c.zone = s.zone and c.indicator = s.indicator
left join staging.local_title as t on c.zone = t.zone and c.indicator = t.indicator;
