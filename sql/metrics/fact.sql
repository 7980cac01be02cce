-- One row is one number of a zone, quarter, indicator and industry: the long table, a number a row.
-- zh: 长表：一行是一个地区一个季度一个指标（及行业）的一个数，带单位、状态、原因、标记和是否待核实
-- grain: zone, period, indicator, industry, basis, measure
-- unit: column unit; values in the base unit, per cent or percentage points
-- reads: metrics.growth, metrics.sector_growth, staging.gdp_totals, staging.local_title, ref.indicator, ref.period, ref.zone
-- status says what kind of number it is: reported (as printed), derived (computed from reported ones), missing (value is NULL and
-- reason says why). flag tells what to know before it is used: a quarter of two vintages, a bound in place of a number, or
-- that the warehouse has a second total of the quarter.
create or replace view metrics.fact as
with of_growth as (
    select
        g.zone, g.period, g.indicator, g.industry, g.basis, g.title_zh, g.title_en, g.has_open_query,
        unnest([
            struct_pack(
                measure := 'value', value := g.value::double, unit := g.unit, reason := g.value_reason,
                flag := if(g.is_qualified, 'qualified', null), kind := 'reported'
            ),
            struct_pack(
                measure := 'growth_reported_pct', value := g.growth_reported_pct::double, unit := '%',
                reason := if(g.growth_reported_pct is null, 'no growth reported', null), flag := null, kind := 'reported'
            ),
            struct_pack(
                measure := 'growth_nominal_pct', value := g.growth_nominal_pct, unit := '%', reason := g.growth_nominal_reason,
                flag := coalesce(g.growth_flag, if(g.is_qualified, 'qualified', null)), kind := 'derived'
            ),
            struct_pack(
                measure := 'value_quarter', value := g.value_quarter::double, unit := g.unit, reason := g.quarter_reason,
                flag := coalesce(g.quarter_flag, if(g.is_quarter_qualified, 'qualified', null)), kind := 'derived'
            ),
            struct_pack(
                measure := 'growth_quarter_nominal_pct', value := g.growth_quarter_nominal_pct, unit := '%',
                reason := g.growth_quarter_nominal_reason,
                flag := coalesce(g.quarter_flag, g.growth_flag, if(g.is_quarter_qualified, 'qualified', null)), kind := 'derived'
            ),
            struct_pack(
                measure := 'growth_quarter_real_derived_pct', value := g.growth_quarter_real_derived_pct, unit := '%',
                reason := g.growth_quarter_real_reason,
                flag := coalesce(g.quarter_flag, if(g.is_quarter_qualified, 'qualified', null)), kind := 'derived'
            ),
            struct_pack(
                measure := 'growth_two_year_average_pct', value := g.growth_two_year_average_pct, unit := '%',
                reason := g.growth_two_year_reason, flag := null, kind := 'derived'
            ),
            struct_pack(
                measure := 'change_pp', value := g.change_pp, unit := '百分点',
                reason := if(g.change_pp is null, 'no base', null), flag := g.growth_flag, kind := 'derived'
            )
        ]) as m,
    from metrics.growth as g
),

-- a sector is told by the indicator that it is in form gdp
of_sector as (
    select
        s.zone, s.period, i.indicator,
        null as industry,
        'ytd' as basis,
        coalesce(t.title_zh, i.title_zh) as title_zh,
        coalesce(t.title_en, i.title_en) as title_en,
        s.contribution_has_open_query as has_open_query,
        unnest([
            struct_pack(
                measure := 'share_pct', value := s.share_pct, unit := '%',
                reason := if(s.share_pct is null, 'a sector is missing or the sum is zero', null), flag := null, kind := 'derived'
            ),
            struct_pack(
                measure := 'contribution_pp', value := s.contribution_pp, unit := '百分点',
                reason := if(s.contribution_pp is null, s.contribution_reason, null), flag := s.contribution_method,
                kind := 'derived'
            ),
            struct_pack(
                measure := 'contribution_rate_pct', value := s.contribution_rate_pct, unit := '%',
                reason := s.contribution_reason, flag := s.contribution_method, kind := 'derived'
            )
        ]) as m,
    from metrics.sector_growth as s
    inner join ref.indicator as i on s.sector = i.sector
    left join staging.local_title as t on s.zone = t.zone and i.indicator = t.indicator
),

every as (
    select g.*,
    from of_growth as g
    union all by name
    select s.*,
    from of_sector as s
),

-- of a zone and quarter with two totals that differ, the rows of both totals say so
with_totals as (
    select
        e.*,
        coalesce(t.totals_differ, false) and e.m.measure in ('value', 'value_quarter') and e.industry is null
        and e.basis = 'ytd' and (i.sector = 'total' or e.indicator = 'value_added') as is_one_of_two,
    from every as e
    inner join ref.indicator as i on e.indicator = i.indicator
    left join staging.gdp_totals as t on e.zone = t.zone and e.period = t.period
    where e.m.measure <> 'change_pp' or i.flow_type = 'rate'
)

select
    w.zone,
    z.title_zh as zone_title_zh,
    z.title_en as zone_title_en,
    w.period, p.start_on, p.end_on, w.indicator, w.industry, w.basis, w.title_zh, w.title_en,
    w.m.measure as measure, -- noqa: AL09
    w.m.value as value, -- noqa: AL09
    w.m.unit as unit, -- noqa: AL09
    if(w.m.value is null, 'missing', w.m.kind) as status,
    if(w.m.value is null, w.m.reason, null) as reason,
    if(
        w.m.value is null, null,
        if(w.is_one_of_two, concat_ws('; ', w.m.flag, 'two totals: by industry it is another number'), w.m.flag)
    ) as flag,
    w.has_open_query,
from with_totals as w
left join ref.period as p on w.period = p.period
left join ref.zone as z on w.zone = z.zone;
