-- One row is the growth of a headline indicator of a zone with its place among the zones whose quarter was frozen, as the bulletin has it.
-- zh: 一行是一个地区一个主要指标的增速在已封存该季度的各地区（不含全国）中的位次，供公报图表使用
-- grain: zone, period, bulletin_line
-- unit: growth_size in per cent, standing_size in per cent of the other zones that are below; numbers as text, growth without a sign
-- reads: ledger.edition_figure, staging.edition_zone, ref.indicator, staging.local_title
-- Places are those of the newest edition of each zone, three zones or more: before a quarter is frozen each file that comes would alter
-- every zone's. Growth that is the same shares its places.
create or replace view metrics.bulletin_ranking as
with frozen as (
    select
        f.edition, f.zone, f.period, f.item, f.value,
        split_part(f.item, '/', 1) as indicator,
    from ledger.edition_figure as f
    inner join staging.edition_zone as e
        on f.edition = e.edition and f.zone = e.zone and f.period = e.period and e.is_newest
    where
        f.metric = 'indicator_growth'
        and f.measure = 'growth_reported_pct'
        and f.role = 'published'
        and f.value is not null
        and f.zone <> nation()
),

ranked as (
    select
        f.*,
        i.headline,
        rank() over (partition by f.period, f.item order by f.value desc) as place,
        count(*) over (partition by f.period, f.item, f.value) as ties,
        count(*) over (partition by f.period, f.item) as zones,
        coalesce(t.title_zh, i.title_zh) as title_zh,
        coalesce(t.title_en, i.title_en) as title_en,
    from frozen as f
    inner join ref.indicator as i
        on f.indicator = i.indicator and i.headline is not null and f.item = figure_item(i.indicator, null, 'ytd')
    left join staging.local_title as t on f.zone = t.zone and f.indicator = t.indicator
)

select
    r.zone, r.period,
    'ranking.' || r.indicator as bulletin_line,
    'ranking' as chart,
    r.indicator, r.item, r.edition,
    r.headline as ord,
    r.title_zh, r.title_en,
    r.value::double as growth_size,
    100.0::double * (r.zones - r.place - r.ties + 1) / (r.zones - 1) as standing_size,
    r.zones::double as zones_size,
    fixed(abs(r.value), greatest(length(split_part(plain(r.value), '.', 2)), 1)) as number_growth,
    if(r.ties = 1, r.place::varchar, r.place || '–' || (r.place + r.ties - 1)) as number_place,
    r.zones::varchar as number_zones,
    false as has_open_query,
from ranked as r
where r.zones >= 3;
