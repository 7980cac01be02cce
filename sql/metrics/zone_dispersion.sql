-- One row is an indicator of a quarter with how far the zones lie apart, and whether those behind grow faster.
-- zh: 一行是一个季度的一个指标：各地区间的离散程度（σ 收敛），以及落后地区是否增长更快（β 收敛）
-- grain: period, indicator, industry, basis
-- unit: values in the base unit of column unit; _ratio is of the mean; beta in points of growth for each e-fold of the level
-- reads: staging.observation, ref.indicator
-- F26 of docs/methodology.md#comparison. The nation is left out. σ: the coefficient of variation now, and a year earlier of the
-- same zones as levels and growth imply it; β: the slope of reported growth on the logarithm of the level a year earlier.
create or replace view metrics.zone_dispersion as
with zone_figure as (
    select
        o.period, o.indicator, o.industry, o.basis, o.unit, o.zone, o.value,
        o.growth_reported_pct::double as growth,
        implied_base(o.value, o.growth_reported_pct) as base,
        ln(if(o.value > 0, implied_base(o.value, o.growth_reported_pct), null)) as log_base,
        o.has_open_query,
    from staging.observation as o
    where o.zone <> nation() and o.basis <> 'plan' and o.flow_type <> 'rate'
),

summed as (
    select
        f.period, f.indicator, f.industry, f.basis,
        any_value(f.unit) as unit,
        count(f.value) as zones,
        -- by size, so that doubles are added in one order (docs/methodology.md#same-answer)
        list_sort(list(f.value::double) filter (where f.value is not null)) as amounts,
        list_sort(list(f.value::double) filter (where f.log_base is not null)) as amounts_compared,
        list_sort(list(f.base) filter (where f.log_base is not null)) as bases,
        list_sort(list(struct_pack(x := f.log_base, y := f.growth)) filter (where f.log_base is not null)) as points,
        bool_or(f.has_open_query) as has_open_query,
    from zone_figure as f
    group by f.period, f.indicator, f.industry, f.basis
),

measured as (
    select
        s.*,
        list_avg(s.amounts) as mean,
        list_median(s.amounts) as median,
        list_stddev_pop(s.amounts) / nullif(list_avg(s.amounts), 0) as variation,
        list_stddev_pop(s.amounts_compared) / nullif(list_avg(s.amounts_compared), 0) as variation_compared,
        list_stddev_pop(s.bases) / nullif(list_avg(s.bases), 0) as variation_before,
        coalesce(len(s.points), 0) as zones_compared,
        list_avg(list_transform(s.points, lambda p: p.x)) as mean_x, -- noqa: RF01,RF03
        list_avg(list_transform(s.points, lambda p: p.y)) as mean_y, -- noqa: RF01,RF03
    from summed as s
),

fitted as (
    select
        m.*,
        list_sum(list_transform(m.points, lambda p: (p.x - m.mean_x) * (p.y - m.mean_y))) as xy, -- noqa: RF01,RF03
        list_sum(list_transform(m.points, lambda p: (p.x - m.mean_x) * (p.x - m.mean_x))) as xx, -- noqa: RF01,RF03
        list_sum(list_transform(m.points, lambda p: (p.y - m.mean_y) * (p.y - m.mean_y))) as yy, -- noqa: RF01,RF03
    from measured as m
)

select
    f.period, f.indicator, f.industry, f.basis, i.title_zh, i.title_en, f.unit, f.zones,
    f.mean as mean_value,
    f.median as median_value,
    f.amounts[1] as least_value,
    f.amounts[-1] as most_value,
    if(f.zones > 1, f.variation, null) as variation_ratio,
    if(f.zones_compared > 1, f.variation_before, null) as variation_year_earlier_ratio,
    if(f.zones_compared > 1, f.variation_compared - f.variation_before, null) as sigma_change_ratio,
    f.zones_compared,
    if(f.zones_compared > 2 and f.xx > 1e-9, f.xy / f.xx, null) as beta_pp,
    if(f.zones_compared > 2 and f.xx > 1e-9 and f.yy > 1e-9, f.xy * f.xy / (f.xx * f.yy), null) as beta_r_squared_ratio,
    case
        when f.zones = 0 then 'not reported'
        when f.zones = 1 then 'one zone: nothing to compare with'
    end as dispersion_reason,
    case
        when f.zones_compared < 3 then 'fewer than three zones with level and growth'
        when f.xx <= 1e-9 then 'the zones started from one level'
    end as beta_reason,
    f.has_open_query,
from fitted as f
inner join ref.indicator as i on f.indicator = i.indicator;
