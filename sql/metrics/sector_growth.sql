-- One row is a sector (or the total) of a zone's output in a quarter, year to date and the quarter alone.
-- zh: 一行是一个地区一个季度的一个产业（或合计）：累计与当季的水平、结构、增长、拉动和贡献率
-- grain: zone, period, sector
-- unit: _cny in yuan at current prices, _pct in per cent, _pp in percentage points
-- reads: metrics.discrete_quarter, ref.sector
-- Growth reported is at constant prices, levels are at current prices: F1, F2, F6 to F9 of
-- docs/methodology.md. Contributions weigh with current-price levels, so they are approximate and
-- their distance from the reported growth is shown in contribution_residual_pp, never scaled away.
create or replace view metrics.sector_growth as
with sector_value as (
    select
        d.*,
        d.sector <> 'total' as is_part,
        -- F8: the level a year earlier at this year's prices
        implied_base(d.value, d.growth_reported_pct) as base,
    from metrics.discrete_quarter as d
    where d.sector is not null and d.basis = 'ytd' and d.industry is null
),

-- the three sectors are exhaustive: a sum over fewer of them is no total
summed as (
    select
        v.*,
        all_three(
            count(v.value) filter (where v.is_part) over whole, sum(v.value) filter (where v.is_part) over whole
        ) as three_value,
        -- doubles added in one order, whatever order rows come in, so that the last digit stays; one that is missing makes NULL
        max(v.base) filter (where v.sector = 'tertiary') over whole
        + max(v.base) filter (where v.sector = 'secondary') over whole
        + max(v.base) filter (where v.sector = 'primary') over whole as three_base,
        max(v.base * v.growth_reported_pct::double) filter (where v.sector = 'tertiary') over whole
        + max(v.base * v.growth_reported_pct::double) filter (where v.sector = 'secondary') over whole
        + max(v.base * v.growth_reported_pct::double) filter (where v.sector = 'primary') over whole as three_growth,
        -- the total's residual has its own growth too
        bool_or(v.figure_has_open_query and v.is_part) over whole
        or v.figure_has_open_query as contribution_has_open_query,
    from sector_value as v
    window whole as (partition by v.zone, v.period)
),

contributed as (
    select
        s.*,
        s.three_growth / nullif(s.three_base, 0) as growth_implied,
        case
            when s.is_part then s.base * s.growth_reported_pct::double / nullif(s.three_base, 0)
            else s.three_growth / nullif(s.three_base, 0)
        end as contribution,
        case
            when right(s.period, 1) = '1' then s.growth_reported_pct::double
            else quarter_real_pct(s.value, s.growth_reported_pct, s.value_previous, s.growth_previous_pct)
        end as quarter_real,
        case
            when right(s.period, 1) = '1' then power(10, -s.growth_decimals) / 2
            else quarter_real_bound_pp(s.value, s.growth_decimals, s.value_previous, s.growth_previous_decimals)
        end as quarter_real_bound,
    from summed as s
)

select
    c.zone, c.period, c.sector, s.title_zh, s.title_en,
    c.value as value_ytd_cny,
    percent_of(c.value, c.three_value) as share_pct,
    c.growth_reported_pct::double as growth_ytd_real_pct,
    growth_pct(c.value, c.value_year_earlier) as growth_ytd_nominal_pct,
    deflator_change_pct(growth_pct(c.value, c.value_year_earlier), c.growth_reported_pct) as deflator_ytd_change_pct,
    c.contribution as contribution_pp,
    case when abs(c.growth_implied) > 1e-9 then 100 * c.contribution / c.growth_implied end as contribution_rate_pct,
    if(c.is_part, null, c.growth_reported_pct::double - c.contribution) as contribution_residual_pp,
    c.value_quarter as value_quarter_cny,
    growth_pct(c.value_quarter, c.value_quarter_year_earlier) as growth_quarter_nominal_pct,
    c.quarter_real as growth_quarter_real_derived_pct,
    if(c.quarter_real is null, null, c.quarter_real_bound) as growth_quarter_real_bound_pp,
    if(c.contribution is null, null, 'approximate: current-price weights') as contribution_method,
    case
        when c.contribution is null and c.growth_reported_pct <= -100 then 'a fall of 100 %: the base is unknown'
        when c.contribution is null and c.three_value = 0 then 'base zero'
        when c.contribution is null then 'a sector or its growth is missing'
        when abs(c.growth_implied) <= 1e-9 then 'total growth is zero: points only, no rate'
    end as contribution_reason,
    why_no_growth(c.value, c.value_year_earlier) as growth_ytd_nominal_reason,
    why_no_growth(c.value_quarter, c.value_quarter_year_earlier) as growth_quarter_nominal_reason,
    case
        when c.quarter_real is not null then null
        when c.value is null or c.growth_reported_pct is null then 'a level or its growth is missing'
        when c.value_previous is null or c.growth_previous_pct is null then 'no prior YTD'
        when c.value <= c.value_previous then 'year to date does not rise: no bound'
        else 'base unknown'
    end as growth_quarter_real_reason,
    c.quarter_reason,
    c.quarter_flag,
    if(c.is_break_since_year_earlier, 'break since a year earlier', null) as growth_flag,
    c.mixed_vintage_value, c.figure_has_open_query, c.contribution_has_open_query, c.quarter_has_open_query,
    c.has_open_query or c.contribution_has_open_query as has_open_query,
from contributed as c
inner join ref.sector as s on c.sector = s.sector
order by c.zone, c.period, s.ord;
