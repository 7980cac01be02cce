-- One row is a sector (or the total) of a zone in a quarter: its growth as the nation's, the sector's and its own part.
-- zh: 一行是一个地区一个季度的一个产业（或合计）的偏离—份额分析：全国增长、产业结构、竞争力三个分量
-- grain: zone, period, sector
-- unit: _cny in yuan at this year's prices, _pp in percentage points of the zone's level a year earlier
-- reads: staging.observation, ref.sector
-- F18 of docs/methodology.md#structure: b·G + b·(G_i − G) + b·(g_i − G_i) = b·g_i, with G the nation's growth as its
-- sectors give it (F6), so that the three add up exactly. Current-price weights, as for contributions: approximate.
create or replace view metrics.shift_share as
with sector_value as (
    select
        o.zone, o.period, o.sector,
        o.growth_reported_pct::double / 100 as growth,
        -- the level a year earlier at this year's prices
        addend(implied_base(o.value, o.growth_reported_pct)) as base,
        o.has_open_query,
    from staging.observation as o
    where o.zone <> nation() and o.sector <> 'total' and o.basis = 'ytd' and o.industry is null
),

nation as (
    select
        o.period,
        o.sector,
        if(o.growth_reported_pct > -100, o.growth_reported_pct::double / 100, null) as growth,
        addend(implied_base(o.value, o.growth_reported_pct)) as base,
        o.has_open_query,
    from staging.observation as o
    where o.zone = nation() and o.sector <> 'total' and o.basis = 'ytd' and o.industry is null
),

nation_growth as (
    select
        n.period, n.sector, n.growth,
        all_three(
            count(n.base) over whole,
            (sum(addend(n.base::double * n.growth)) over whole)::double / nullif(sum(n.base) over whole, 0)::double
        ) as growth_all,
        bool_or(n.has_open_query) over whole as has_open_query,
    from nation as n
    window whole as (partition by n.period)
),

split as (
    select
        s.zone, s.period, s.sector, s.base,
        addend(s.base::double * s.growth) as change,
        addend(s.base::double * n.growth_all) as national_effect,
        addend(s.base::double * (n.growth - n.growth_all)) as mix_effect,
        addend(s.base::double * (s.growth - n.growth)) as competitive_effect,
        n.period is not null as has_nation,
        all_three(count(s.base) over whole, nullif(sum(s.base) over whole, 0)) as base_all,
        bool_or(s.has_open_query) over whole or coalesce(n.has_open_query, false) as has_open_query,
    from sector_value as s
    left join nation_growth as n on s.period = n.period and s.sector = n.sector
    window whole as (partition by s.zone, s.period)
),

-- each sector by itself, and all three together on the row of the total
summed as (
    select
        p.zone, p.period, c.sector, c.ord, c.title_zh, c.title_en,
        any_value(p.base_all)::double as base_all,
        count(p.base) = if(c.sector = 'total', 3, 1) as has_base,
        bool_or(p.has_nation) as has_nation,
        count(p.national_effect) = if(c.sector = 'total', 3, 1) as is_split,
        sum(p.change)::double as change,
        sum(p.national_effect)::double as national_effect,
        sum(p.mix_effect)::double as mix_effect,
        sum(p.competitive_effect)::double as competitive_effect,
        bool_or(p.has_open_query) as has_open_query,
    from split as p
    inner join ref.sector as c on c.sector in (p.sector, 'total')
    group by p.zone, p.period, c.sector, c.ord, c.title_zh, c.title_en
)

select
    s.zone, s.period, s.sector, s.title_zh, s.title_en,
    if(s.has_base, s.change, null) as change_cny,
    if(s.is_split, s.national_effect, null) as national_effect_cny,
    if(s.is_split, s.mix_effect, null) as mix_effect_cny,
    if(s.is_split, s.competitive_effect, null) as competitive_effect_cny,
    if(s.has_base, 100 * s.change / s.base_all, null) as contribution_pp,
    if(s.is_split, 100 * s.national_effect / s.base_all, null) as national_effect_pp,
    if(s.is_split, 100 * s.mix_effect / s.base_all, null) as mix_effect_pp,
    if(s.is_split, 100 * s.competitive_effect / s.base_all, null) as competitive_effect_pp,
    if(s.is_split, 'approximate: current-price weights', null) as shift_share_method,
    case
        when not s.has_base then 'a sector or its growth is missing'
        when not s.has_nation then 'the nation is not reported'
        when not s.is_split then 'a sector of the nation or its growth is missing'
        when s.base_all is null then 'a sector or its growth is missing: yuan only, no points'
    end as shift_share_reason,
    s.has_open_query,
from summed as s;
