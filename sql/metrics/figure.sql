-- One row is a published number of a zone and quarter: the headline metrics, one number a row.
-- zh: 一行是一个公布数：主要指标各视图中的每个数各占一行
-- grain: zone, period, metric, item, measure
-- unit: column unit; value_text is the exact number, with its qualifier
-- reads: metrics.headline, metrics.indicator_growth, metrics.sector_growth
-- This is what an edition freezes and what is compared when something has moved. Computed numbers are
-- kept to six decimals, far below any printed digit, so that they compare as equal on every machine.
create or replace view metrics.figure as
with indicator_measure as (
    select unnest(['value', 'growth_reported_pct', 'growth_nominal_pct']) as measure,
),

sector_measure as (
    select
        unnest([
            'value_ytd_cny', 'value_quarter_cny', 'share_pct', 'growth_ytd_real_pct', 'growth_ytd_nominal_pct',
            'growth_quarter_nominal_pct', 'growth_quarter_real_derived_pct', 'contribution_pp', 'contribution_rate_pct',
        ]) as measure,
),

of_indicator as (
    select
        g.zone,
        g.period,
        'indicator_growth' as metric,
        figure_item(g.indicator, g.industry, g.basis) as item,
        m.measure,
        case m.measure
            when 'value' then g.value
            when 'growth_reported_pct' then g.growth_reported_pct::decimal(28, 6)
            when 'growth_nominal_pct' then try_cast(round(g.growth_nominal_pct, 6) as decimal(28, 6))
        end as value,
        if(m.measure = 'value', g.qualifier, 'exact') as qualifier,
        if(m.measure = 'value', g.unit, '%') as unit,
        g.form,
        g.submission,
        if(m.measure = 'growth_nominal_pct', g.has_open_query, g.figure_has_open_query) as has_open_query,
    from metrics.indicator_growth as g
    cross join indicator_measure as m
),

of_sector as (
    select
        g.zone,
        g.period,
        'sector_growth' as metric,
        g.sector as item,
        m.measure,
        case m.measure
            when 'value_ytd_cny' then g.value_ytd_cny
            when 'value_quarter_cny' then g.value_quarter_cny
            when 'growth_ytd_real_pct' then try_cast(round(g.growth_ytd_real_pct, 6) as decimal(28, 6))
            else
                try_cast(
                    round(
                        case m.measure
                            when 'share_pct' then g.share_pct
                            when 'growth_ytd_nominal_pct' then g.growth_ytd_nominal_pct
                            when 'growth_quarter_nominal_pct' then g.growth_quarter_nominal_pct
                            when 'growth_quarter_real_derived_pct' then g.growth_quarter_real_derived_pct
                            when 'contribution_pp' then g.contribution_pp
                            when 'contribution_rate_pct' then g.contribution_rate_pct
                        end,
                        6
                    ) as decimal(28, 6)
                )
        end as value,
        case
            when m.measure like '%_cny' then '元'
            when m.measure like '%_pp' then '百分点'
            else '%'
        end as unit,
        case
            when m.measure in ('value_ytd_cny', 'growth_ytd_real_pct') then g.figure_has_open_query
            when m.measure in ('share_pct', 'contribution_pp', 'contribution_rate_pct') then g.contribution_has_open_query
            when m.measure in ('value_quarter_cny', 'growth_quarter_real_derived_pct') then g.quarter_has_open_query
            else g.has_open_query
        end as has_open_query,
    from metrics.sector_growth as g
    cross join sector_measure as m
),

every_figure as (
    select
        i.*,
        figure_text(i.value, i.qualifier) as value_text,
    from of_indicator as i
    union all by name
    select
        s.*,
        figure_text(s.value, 'exact') as value_text,
    from of_sector as s
    union all by name
    select
        h.zone,
        h.period,
        'headline' as metric,
        h.indicator as item,
        'value_text' as measure,
        h.value_text,
        h.has_open_query,
    from metrics.headline as h
)

select
    f.zone, f.period, f.metric, f.item, f.measure, f.value, f.value_text, f.unit, f.form, f.submission,
    f.has_open_query,
from every_figure as f
where f.value_text is not null;
