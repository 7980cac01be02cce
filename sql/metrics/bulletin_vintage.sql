-- One row is an indicator that was sent again with another figure, and by how much what stands differs from what was first sent, as a chart of the bulletin has it.
-- zh: 一行是重新报送过且数有变动的一个指标，现行数与首次报送的数相差多少，供公报图表使用
-- grain: zone, period, bulletin_line
-- unit: level_size in per cent of the level first sent, growth_size in percentage points; numbers as text without a sign
-- reads: staging.observation_vintage, ref.indicator
-- A rate has no revision in per cent of itself, and a level that was first sent as zero or less has none.
create or replace view metrics.bulletin_vintage as
with told as (
    select
        v.zone, v.period, v.indicator,
        arg_min(v, v.vintage) as sent_first,
        arg_max(v, v.vintage) as stands,
    from staging.observation_vintage as v
    where v.vintages > 1 and v.industry is null and v.basis = 'ytd'
    group by v.zone, v.period, v.indicator
),

differing as (
    select
        t.*,
        i.headline as ord,
        if(
            i.flow_type <> 'rate' and t.sent_first.value > 0,
            100 * (t.stands.value - t.sent_first.value)::double / t.sent_first.value::double,
            null
        ) as level_size,
        (t.stands.growth_reported_pct - t.sent_first.growth_reported_pct)::double as growth_size,
        greatest(t.stands.growth_decimals, t.sent_first.growth_decimals, 1) as growth_decimals,
    from told as t
    inner join ref.indicator as i on t.indicator = i.indicator
    where t.stands.known_until is null and t.sent_first.vintage < t.stands.vintage
)

select
    d.zone, d.period,
    'vintage.' || d.indicator as bulletin_line,
    'vintage' as chart,
    d.indicator, d.ord,
    d.stands.title_zh,
    d.stands.title_en,
    d.level_size, d.growth_size,
    fixed(abs(d.level_size), 2) as number_level,
    fixed(abs(d.growth_size), d.growth_decimals) as number_growth,
    d.stands.form,
    d.stands.submission,
    d.stands.sheet,
    d.stands.source_row,
    d.sent_first.submission as submission_first,
    d.sent_first.sheet as sheet_first,
    d.sent_first.source_row as source_row_first,
    figure_item(d.indicator, null, 'ytd') as item,
    d.stands.has_open_query,
from differing as d
-- what is nothing as it is printed has not moved
where fixed(abs(d.level_size), 2) <> '0.00' or d.growth_size <> 0;
