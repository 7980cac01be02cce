-- One row is a reported figure that has changed since the newest edition of its quarter, as the bulletin states it: before, now, why.
-- zh: 一行是最近一次发布以来修订、新增或撤回的一个报送数：修订前、修订后、原因
-- grain: zone, period, item, measure
-- unit: numbers as text, exact, in the units beside them: Chinese in the unit that is declared, English in yuan, millions and billions; growth in per cent
-- reads: metrics.revised_since_edition, ledger.edition_figure, staging.observation, staging.acceptance, ref.indicator, ref.industry, ref.unit, ref.bulletin_line, ref.bulletin_unit
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
),

amount as (
    select
        m.zone, m.period, m.item, m.measure, m.move, m.edition, m.is_level,
        coalesce(n.title_zh || '增加值', s.title_zh, i.title_zh) as title_zh,
        coalesce('Value added of ' || lower(left(n.title_en, 1)) || substr(n.title_en, 2), s.title_en, i.title_en) as title_en,
        -- an index of prices has no unit
        if(m.is_level, if(l.index_base is null, u.unit, ''), '%') as unit_zh,
        if(m.is_level, u.factor, 1) as unit_factor,
        f.value as figure_before,
        if(m.is_level, s.value, s.growth_reported_pct) as figure_now,
        -- as many as either has, and as were printed
        greatest(
            length(split_part(plain((f.value / unit_factor)::decimal(28, 6)), '.', 2)),
            length(split_part(plain((figure_now / unit_factor)::decimal(28, 6)), '.', 2)),
            if(m.is_level, if(s.unit_reported = u.unit, s.decimals_reported, null), s.growth_decimals)
        ) as decimals,
        coalesce(b.factor, unit_factor) as factor_en,
        round(decimals + log10(factor_en) - log10(unit_factor), 6)::integer as decimals_en,
        if(m.is_level, if(l.index_base is null, coalesce(b.title_en, u.title_en), ''), '%') as unit_en,
        a.acceptance_reason,
        i.indicator, s.industry, s.form, s.submission, s.sheet, s.source_row,
        coalesce(s.has_open_query, false) as has_open_query,
    from moved as m
    inner join ref.indicator as i on m.indicator = i.indicator
    inner join ref.unit as u on i.quoted_unit = u.unit
    left join ref.bulletin_line as l on m.indicator = l.bulletin_line
    left join standing as s on m.zone = s.zone and m.period = s.period and m.item = s.item
    left join ref.industry as n on split_part(m.item, '/', 2) = n.code
    left join ledger.edition_figure as f
        on
            m.edition = f.edition
            and m.zone = f.zone
            and m.period = f.period
            and m.metric = f.metric
            and m.item = f.item
            and m.measure = f.measure
    left join staging.acceptance as a on s.submission = a.submission
    left join ref.bulletin_unit as b
        on
            m.is_level
            and u.base_unit = b.unit
            and greatest(abs(f.value), abs(s.value)) >= b.min_value::decimal(28, 6)
    qualify row_number() over (
        partition by m.zone, m.period, m.item, m.measure order by b.min_value::decimal(28, 6) desc nulls last
    ) = 1
)

select
    c.zone, c.period, c.item, c.measure, c.move, c.edition,
    c.title_zh || if(c.is_level, '', '增速') as title_zh,
    c.title_en || if(c.is_level, '', ': growth') as title_en,
    fixed(c.figure_before / c.unit_factor, c.decimals) as number_before,
    fixed(c.figure_now / c.unit_factor, c.decimals) as number_now,
    c.unit_zh,
    if(c.figure_before < 0, '-', '') || grouped(abs(c.figure_before) / c.factor_en, c.decimals_en) as number_before_en,
    if(c.figure_now < 0, '-', '') || grouped(abs(c.figure_now) / c.factor_en, c.decimals_en) as number_now_en,
    c.unit_en, c.acceptance_reason,
    c.indicator, c.industry, c.form, c.submission, c.sheet, c.source_row, c.has_open_query,
from amount as c
order by c.zone, c.period, c.move, c.item, c.measure;
