-- One row is an indicator and what is measured of it, with how large its revisions are and which way they go, at a horizon.
-- zh: 一行是一个地区（或全部地区）一个指标在某一时点的修订质量：平均修订（偏差）及其检验、平均绝对修订、均方根、上调所占比重
-- grain: zone, indicator, basis, measure, horizon
-- unit: revisions in column unit: growth and rates in percentage points, levels in per cent of the first; _pct in per cent
-- reads: staging.figure_revision, ref.indicator
-- zone `all` is every zone together. A revision is what was known at the horizon less the first; figures never revised count as 0,
-- for they might have been. Below eight figures nothing is computed. Whether the mean differs from 0 is asked with the standard
-- error of Newey and West over quarters (the figures of a quarter summed first): docs/methodology.md#vintages.
create or replace view metrics.revision_quality as
with revised as (
    select r.*,
    from staging.figure_revision as r
    union all
    select r.* replace ('all' as zone),
    from staging.figure_revision as r
),

-- doubles as decimals, so that a sum is one in any order
by_quarter as (
    select
        r.zone, r.indicator, r.basis, r.measure, r.horizon, r.unit,
        period_number(r.period) as quarter,
        count(*) as figures,
        count(*) filter (where r.revision <> 0) as figures_revised,
        count(*) filter (where r.revision > 0) as figures_up,
        sum(addend(r.revision)) as total,
        sum(addend(abs(r.revision))) as total_absolute,
        sum(addend(r.revision * r.revision)) as total_squared,
        sum(addend(abs(r.value_then))) as total_then,
    from revised as r
    group by r.zone, r.indicator, r.basis, r.measure, r.horizon, r.unit, r.period
),

measured as (
    select
        q.zone, q.indicator, q.basis, q.measure, q.horizon, q.unit,
        sum(q.figures)::bigint as figures,
        sum(q.figures_revised)::bigint as figures_revised,
        sum(q.total)::double / sum(q.figures) as mean_revision,
        sum(q.total_absolute)::double / sum(q.figures) as mean_absolute_revision,
        sqrt(sum(q.total_squared)::double / sum(q.figures)) as root_mean_square_revision,
        sum(q.total_absolute)::double / nullif(sum(q.total_then), 0)::double as relative_mean_absolute_revision_ratio,
        percent_of(sum(q.figures_up), sum(q.figures_revised)) as positive_pct,
        -- the usual length: four at a hundred quarters
        floor(4 * power(count(*) / 100, 2.0 / 9))::integer as hac_lags,
        list(struct_pack(q.quarter, total := q.total::double, figures := q.figures) order by q.quarter) as quarters,
        sum(q.figures) >= 8 as is_enough,
    from by_quarter as q
    group by q.zone, q.indicator, q.basis, q.measure, q.horizon, q.unit
),

-- what a quarter's figures deviate from the mean together
deviated as (
    select
        m.*,
        list_transform(
            m.quarters,
            lambda q: struct_pack(quarter := q.quarter, deviation := q.total - q.figures * m.mean_revision) -- noqa: RF03
        ) as deviations,
    from measured as m
),

tested as (
    select
        d.*,
        -- Bartlett weights: 1 for the quarter itself, falling to 0 beyond the lags, each pair counted both ways
        case when d.is_enough then sqrt(
            list_sum(
                list_transform(
                    d.deviations,
                    lambda a: list_sum( -- noqa: RF03
                        list_transform(
                            list_filter(
                                d.deviations,
                                lambda b: b.quarter between a.quarter - d.hac_lags and a.quarter -- noqa: RF03
                            ),
                            lambda b: a.deviation * b.deviation * if(a.quarter = b.quarter, 1, 2) -- noqa: RF03
                            * (1 - (a.quarter - b.quarter) / (d.hac_lags + 1)) -- noqa: RF03
                        )
                    )
                )
            )
        ) / d.figures end as hac_standard_error,
    from deviated as d
)

select
    m.zone, m.indicator, m.basis, m.measure, m.horizon, i.title_zh, i.title_en, m.unit, m.figures, m.figures_revised,
    if(m.is_enough, m.mean_revision, null) as mean_revision,
    if(m.is_enough, m.mean_absolute_revision, null) as mean_absolute_revision,
    if(m.is_enough, m.root_mean_square_revision, null) as root_mean_square_revision,
    if(m.is_enough, m.relative_mean_absolute_revision_ratio, null) as relative_mean_absolute_revision_ratio,
    if(m.is_enough, m.positive_pct, null) as positive_pct,
    if(m.is_enough, m.hac_lags, null) as hac_lags,
    m.hac_standard_error,
    m.mean_revision / nullif(m.hac_standard_error, 0) as t_statistic,
    abs(m.mean_revision / nullif(m.hac_standard_error, 0)) > 1.96 as is_biased,
    if(m.is_enough, null, 'n too small') as revision_quality_reason,
from tested as m
inner join ref.indicator as i on m.indicator = i.indicator
order by m.zone, m.indicator, m.basis, m.measure, m.horizon;
