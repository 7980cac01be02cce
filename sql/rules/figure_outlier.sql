-- One row is a figure beside the same quarter a year earlier, among the zones of its kind.
-- zh: 一行是一个指标值与上年同期之比，与同类地区的比值相比较
-- grain: submission, field, row_key
-- code: FIGURE-OUTLIER
-- stage: history
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-hb
-- version: 2026.1
-- reads: known.year_earlier, known.elsewhere, ref.rule_parameter
-- title zh: 与上年同期之比不是离群值
-- title en: the change over a year is not an outlier
-- message zh: “{title_zh}”报 {said}，是{year_period}（{year_said}）的 {ratio_said} 倍，{compared_zh}
-- message en: “{title_en}” is {said}, {ratio_said} times that of {year_period} ({year_said}); {compared_en}
-- mend zh: 核对数值、单位和统计范围；如属实，请说明增减的原因
-- mend en: check the figure, its unit and its coverage; where it is right, explain the change
-- Hidiroglou and Berthelot: s = r / median - 1 (1 - median / r below it), E = s · max(y1, y2)^U; outside the median of E by
-- more than C quartile distances. Below ten units, a change beyond a fixed percentage.
with own as (
    select y.* replace (if(y.year_value > 0, y.year_value, null) as year_value),
    from known.year_earlier as y
    where y.value > 0 and y.flow_type <> 'rate' and y.basis <> 'plan'
),

unit as (
    select
        o.seen_by, o.indicator, o.industry, o.basis, o.value, o.year_value,
        true as is_own,
    from own as o
    where o.year_value is not null
    union all by name
    select
        e.* exclude (zone, period, quarter, flow_type, growth_pct, is_parent),
        y.value as year_value,
        false as is_own,
    from known.elsewhere as e
    inner join known.elsewhere as y
        on
            e.seen_by = y.seen_by
            and e.zone = y.zone
            and same_series(e.indicator, e.industry, e.basis, y.indicator, y.industry, y.basis)
            and y.period = period_year_earlier(e.period)
    where e.value > 0 and y.value > 0 and not e.is_parent
),

ratio as (
    select
        u.*,
        u.value::double / u.year_value::double as r,
        median(u.value::double / u.year_value::double) over (partition by u.seen_by, u.indicator, u.industry, u.basis) as middle,
        count(*) over (partition by u.seen_by, u.indicator, u.industry, u.basis) as units,
    from unit as u
),

effect as (
    select
        r.*,
        if(r.r < r.middle, 1 - r.middle / r.r, r.r / r.middle - 1)
        * pow(greatest(r.value, r.year_value)::double, parameter('hb_u')) as e,
    from ratio as r
),

bound as (
    select
        e.seen_by, e.indicator, e.industry, e.basis,
        median(e.e) as centre,
        quantile_cont(e.e, 0.25) as q1,
        quantile_cont(e.e, 0.75) as q3,
    from effect as e
    group by e.seen_by, e.indicator, e.industry, e.basis
)

select
    o.seen_by as submission, o.sheet, o.source_row,
    'value' as field,
    o.title_zh as row_key,
    case
        when e.r is null then null
        when o.is_count and greatest(o.value, o.year_value) < parameter('least_count') then true
        when e.units >= parameter('hb_least_units')
            then within_hb_bounds(e.e, b.centre, b.q1, b.q3, parameter('hb_c'))
        -- an order of magnitude is FIGURE-MAGNITUDE's
        else
            abs(e.r - 1) * 100 <= parameter('change_ask_pct')
            or e.r not between 1 / parameter('magnitude_ask') and parameter('magnitude_ask')
    end as holds,
    o.title_zh, o.title_en, o.said, o.year_period, o.year_said,
    round(e.r, 2) as ratio_said,
    ratio_compared(e.units, '个同类地区', 'zones', e.middle).zh as compared_zh,
    ratio_compared(e.units, '个同类地区', 'zones', e.middle).en as compared_en,
from own as o
left join effect as e
    on
        o.seen_by = e.seen_by
        and same_series(o.indicator, o.industry, o.basis, e.indicator, e.industry, e.basis)
        and e.is_own
left join bound as b
    on
        o.seen_by = b.seen_by
        and same_series(o.indicator, o.industry, o.basis, b.indicator, b.industry, b.basis);
