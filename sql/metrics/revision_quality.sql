-- One row is an indicator and what is measured of it, with how large its revisions are and which way they go.
-- zh: 一行是一个指标的修订质量：平均修订（偏差）、平均绝对修订、相对平均绝对修订、上调所占比重
-- grain: indicator, basis, measure
-- unit: growth in percentage points, value in per cent of the first; _pct in per cent
-- reads: metrics.revision, ref.indicator
-- A revision is latest less first (MR, MAR and RMAR of revision analysis); figures never revised count
-- as 0, for they might have been. Below eight figures nothing is computed.
create or replace view metrics.revision_quality as
with revised as (
    select
        r.indicator,
        r.basis,
        'growth_reported_pct' as measure,
        '百分点' as unit,
        r.growth_revision_pp::double as revision,
        r.growth_latest_pct::double as latest,
    from metrics.revision as r
    where r.growth_revision_pp is not null
    union all
    select
        r.indicator,
        r.basis,
        'value' as measure,
        '%' as unit,
        r.value_revision_pct as revision,
        100 * r.value_latest::double / r.value_first::double as latest,
    from metrics.revision as r
    where r.value_first > 0 and r.value_revision_pct is not null
),

measured as (
    select
        r.indicator,
        r.basis,
        r.measure,
        any_value(r.unit) as unit,
        count(*) as figures,
        count(*) filter (where r.revision <> 0) as figures_revised,
        avg(addend(r.revision)) as mean_revision,
        avg(addend(abs(r.revision))) as mean_absolute_revision,
        sum(addend(abs(r.revision)))::double / nullif(sum(addend(abs(r.latest))), 0)::double
            as relative_mean_absolute_revision_ratio,
        100.0 * count(*) filter (where r.revision > 0) / nullif(count(*) filter (where r.revision <> 0), 0) as positive_pct,
        count(*) >= 8 as is_enough,
    from revised as r
    group by r.indicator, r.basis, r.measure
)

select
    m.indicator,
    m.basis,
    m.measure,
    i.title_zh,
    i.title_en,
    m.unit,
    m.figures,
    m.figures_revised,
    if(m.is_enough, m.mean_revision, null) as mean_revision,
    if(m.is_enough, m.mean_absolute_revision, null) as mean_absolute_revision,
    if(m.is_enough, m.relative_mean_absolute_revision_ratio, null) as relative_mean_absolute_revision_ratio,
    if(m.is_enough, m.positive_pct, null) as positive_pct,
    if(m.is_enough, null, 'n too small') as revision_quality_reason,
from measured as m
inner join ref.indicator as i on m.indicator = i.indicator
order by m.indicator, m.basis, m.measure;
