-- One row is a leading indicator of a zone in a quarter: its growth, whether it gains pace, and output's growth beside it.
-- zh: 先行指标一览：一行是一个地区一个季度的一个先行指标，增速、增速变化，以及与生产总值增速的对照
-- grain: zone, period, indicator
-- unit: value in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: metrics.growth, ref.indicator
-- F30 of docs/methodology.md#leading. Growth is that reported, else that of the levels. Pace is the change of it since the quarter
-- before, a year's first quarter against the year before it. No weights, no index of all: each stands for itself.
create or replace view metrics.leading_board as
with figure as (
    select
        g.zone, g.period, g.indicator, g.title_zh, g.title_en, g.unit, g.value, i.form,
        coalesce(g.growth_reported_pct::double, g.growth_nominal_pct) as growth,
        g.growth_reported_pct is null and g.growth_nominal_pct is not null as is_from_levels,
        g.growth_quarter_nominal_pct as growth_quarter,
        g.growth_flag,
        i.sector = 'total' as is_output,
        g.has_open_query,
    from metrics.growth as g
    inner join ref.indicator as i on g.indicator = i.indicator
    where g.industry is null and (i.form = 'leading_indicators' or i.sector = 'total')
),

beside as (
    select
        f.*,
        f.growth - first_value(f.growth) over (
            partition by f.zone, f.indicator order by period_number(f.period) range between 1 preceding and 1 preceding
        ) as pace,
        max(if(f.is_output, struct_pack(f.growth, f.has_open_query), null)) over (partition by f.zone, f.period) as gdp,
    from figure as f
)

select
    b.zone, b.period, b.indicator, b.title_zh, b.title_en, b.unit, b.value,
    b.growth as growth_pct,
    if(b.is_from_levels, 'from levels', null) as growth_method,
    b.growth_quarter as growth_quarter_nominal_pct,
    b.growth_flag,
    b.pace as growth_change_pp,
    case when b.pace > 0 then '加快' when b.pace < 0 then '放缓' when b.pace = 0 then '持平' end as pace_zh,
    case when b.pace > 0 then 'faster' when b.pace < 0 then 'slower' when b.pace = 0 then 'as before' end as pace_en,
    b.gdp.growth as gdp_growth_real_pct,
    b.growth - b.gdp.growth as growth_difference_pp,
    case when b.growth is null then 'no growth reported' end as growth_reason,
    b.has_open_query or coalesce(b.gdp.has_open_query, false) as has_open_query,
from beside as b
where not coalesce(b.is_output, false);
