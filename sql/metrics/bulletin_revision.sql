-- One row is a reported figure that has changed since the newest edition of its quarter, as the bulletin states it: before, now, why.
-- zh: 一行是最近一次发布以来修订、新增或撤回的一个报送数：修订前、修订后、原因
-- grain: zone, period, item, measure
-- unit: numbers as text, exact, in the unit that the figure is quoted in; growth in per cent
-- reads: metrics.revised_since_edition, ledger.edition_figure, staging.observation, staging.acceptance, ref.indicator, ref.unit
create or replace view metrics.bulletin_revision as
with moved as (
    select
        r.*,
        split_part(r.item, '/', 1) as indicator,
        r.measure = 'value' as is_level,
    from metrics.revised_since_edition as r
    where
        r.metric = 'indicator_growth'
        and r.measure in ('value', 'growth_reported_pct')
        and r.move in ('revised', 'new', 'withdrawn')
),

standing as (
    select
        o.*,
        figure_item(o.indicator, o.industry, o.basis) as item,
    from staging.observation as o
)

select
    m.zone, m.period, m.item, m.measure, m.move, m.edition,
    coalesce(s.title_zh, i.title_zh) || if(m.is_level, '', '增速') as title_zh,
    coalesce(s.title_en, i.title_en) || if(m.is_level, '', ': growth') as title_en,
    if(m.is_level, plain((f.value / u.factor)::decimal(28, 6)), plain(f.value)) as number_before,
    if(m.is_level, plain((s.value / u.factor)::decimal(28, 6)), plain(s.growth_reported_pct)) as number_now,
    if(m.is_level, u.unit, '%') as unit_zh,
    if(m.is_level, coalesce(u.title_en, u.unit), '%') as unit_en,
    a.acceptance_reason,
    i.indicator, s.industry, s.form, s.submission, s.sheet, s.source_row,
    coalesce(s.has_open_query, false) as has_open_query,
from moved as m
inner join ref.indicator as i on m.indicator = i.indicator
inner join ref.unit as u on i.quoted_unit = u.unit
left join standing as s on m.zone = s.zone and m.period = s.period and m.item = s.item
left join ledger.edition_figure as f
    on
        m.edition = f.edition
        and m.zone = f.zone
        and m.period = f.period
        and m.metric = f.metric
        and m.item = f.item
        and m.measure = f.measure
left join staging.acceptance as a on s.submission = a.submission
order by m.zone, m.period, m.move, m.item, m.measure;
