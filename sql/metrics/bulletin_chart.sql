-- One row is a row of a chart of the bulletin: growth to date beside the quarter's, plan beside time, zone beside nation.
-- zh: 一行是公报图表中的一行：累计与当季增速及其误差界、计划完成进度与时间进度、本地区与全国
-- grain: zone, period, bulletin_line
-- unit: _size as the number beside it; numbers as text without a sign, in per cent, the third in percentage points
-- reads: metrics.sector_growth, metrics.plan_progress, metrics.zone_vs_nation, ref.indicator
-- Of the first quarter the quarter is the year to date, and a quarter that mixes releases or bases is not drawn: its flag says so in the text.
create or replace view metrics.bulletin_chart as
with every_row as (
    select
        g.zone, g.period,
        'quarter' as chart,
        g.sector as chart_row,
        array_position(['total', 'primary', 'secondary', 'tertiary'], g.sector) as ord,
        g.title_zh, g.title_en,
        g.growth_ytd_real_pct as first_size,
        g.growth_quarter_real_derived_pct as second_size,
        g.growth_quarter_real_bound_pp as third_size,
        g.quarter_has_open_query as has_open_query,
    from metrics.sector_growth as g
    where
        right(g.period, 1) > '1'
        and g.growth_ytd_real_pct is not null
        and g.growth_quarter_real_bound_pp is not null
        and g.quarter_flag is null
    union all
    select
        p.zone, p.period,
        'plan' as chart,
        p.indicator as chart_row,
        i.headline as ord,
        p.title_zh, p.title_en,
        p.progress_pct as first_size,
        p.time_elapsed_pct as second_size,
        p.progress_gap_pp as third_size,
        p.has_open_query,
    from metrics.plan_progress as p
    inner join ref.indicator as i on p.indicator = i.indicator
    where p.progress_gap_pp is not null
    union all
    select
        v.zone, v.period,
        'nation' as chart,
        v.indicator as chart_row,
        i.headline as ord,
        v.title_zh, v.title_en,
        v.growth_reported_pct::double as first_size,
        v.growth_nation_pct::double as second_size,
        v.growth_difference_pp as third_size,
        v.has_open_query,
    from metrics.zone_vs_nation as v
    inner join ref.indicator as i on v.indicator = i.indicator
    where v.growth_difference_pp is not null and v.industry is null and v.basis = 'ytd'
)

select
    r.zone, r.period,
    'chart.' || r.chart || '.' || r.chart_row as bulletin_line,
    r.chart, r.chart_row, r.ord, r.title_zh, r.title_en, r.first_size, r.second_size, r.third_size,
    fixed(abs(r.first_size), 1) as number_first,
    fixed(abs(r.second_size), 1) as number_second,
    -- a bound is not to look smaller than it is
    if(r.chart = 'quarter', fixed(ceil(round(r.third_size * 10, 6)) / 10, 1), fixed(abs(r.third_size), 1)) as number_third,
    coalesce(r.has_open_query, false) as has_open_query,
from every_row as r;
