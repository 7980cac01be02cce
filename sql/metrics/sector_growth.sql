-- One row is a sector (or the total) of a zone's output in a quarter, year to date and the quarter alone.
-- zh: 一行是一个地区一个季度的一个产业（或合计）：累计与当季的水平、结构、增长、拉动和贡献率
-- grain: zone, period, sector
-- unit: _cny in yuan at current prices, _pct in per cent, _pp in percentage points
-- reads: staging.observation, ref.sector, ref.vintage_break
-- Growth reported is at constant prices, levels are at current prices: F1, F2, F6 to F9 of
-- docs/methodology.md. Contributions weigh with current-price levels, so they are approximate and
-- their distance from the reported growth is shown in contribution_residual_pp, never scaled away.
create or replace view metrics.sector_growth as
with sector_value as (
    select
        o.zone,
        o.period,
        o.sector,
        o.value,
        o.growth_reported_pct as growth,
        -- the last printed digit of the growth: 0.1 point where one decimal is printed
        power(10, -o.growth_decimals) as growth_rounding,
        o.received_at,
        -- F8: the level a year earlier at this year's prices
        case when o.growth_reported_pct > -100 then o.value::double / (1 + o.growth_reported_pct::double / 100) end
            as base,
    from staging.observation as o
    where o.sector is not null and o.basis = 'ytd' and o.industry is null
),

-- the three sectors are exhaustive: a sum over fewer of them is no total
three_sectors as (
    select
        v.zone,
        v.period,
        if(count(v.value) = 3, sum(v.value), null) as value,
        if(count(v.base) = 3, sum(v.base), null) as base,
        if(count(v.base) = 3, sum(v.base * v.growth::double), null) as base_growth,
    from sector_value as v
    where v.sector <> 'total'
    group by v.zone, v.period
),

quarterly as (
    select
        v.*,
        t.value as three_value,
        nullif(t.base, 0) as three_base,
        t.base_growth as three_growth,
        p.value as previous_value,
        p.base as previous_base,
        -- F1: a quarter is a difference inside one year and one vintage
        case when right(v.period, 1) = '1' then v.value else v.value - p.value end as quarter_value,
        case
            when right(v.period, 1) = '1' then null
            when b.period is not null or p.received_at > v.received_at then 'mixed vintage'
        end as quarter_flag,
    from sector_value as v
    left join three_sectors as t on v.zone = t.zone and v.period = t.period
    left join sector_value as p
        on v.zone = p.zone and v.sector = p.sector and p.period = period_previous(v.period)
    left join ref.vintage_break as b on v.zone = b.zone and v.period = b.period and b.form = 'gdp'
),

compared as (
    select
        q.*,
        y.value as value_year_earlier,
        y.quarter_value as quarter_value_year_earlier,
        y.quarter_flag as quarter_flag_year_earlier,
    from quarterly as q
    left join quarterly as y
        on q.zone = y.zone and q.sector = y.sector and y.period = period_year_earlier(q.period)
),

contributed as (
    select
        c.*,
        case when c.sector = 'total' then c.three_growth / c.three_base else c.base * c.growth::double / c.three_base end
            as contribution,
        case
            when right(c.period, 1) = '1' then c.growth::double
            -- F7: real growth of the quarter from two year-to-date levels and growths, where the bound exists
            when c.value > c.previous_value
                then ((c.value - c.previous_value)::double / nullif(c.base - c.previous_base, 0) - 1) * 100
        end as quarter_real,
        case
            when right(c.period, 1) = '1' then c.growth_rounding / 2
            when c.value > c.previous_value
                then
                    c.growth_rounding / 2
                    * ((c.value + c.previous_value)::double / (c.value - c.previous_value)::double + 1)
        end as quarter_real_bound,
    from compared as c
)

select
    c.zone,
    c.period,
    c.sector,
    s.title_zh,
    s.title_en,
    c.value as value_ytd_cny,
    100 * c.value::double / nullif(c.three_value, 0)::double as share_pct,
    c.growth::double as growth_ytd_real_pct,
    growth_pct(c.value, c.value_year_earlier) as growth_ytd_nominal_pct,
    ((1 + growth_pct(c.value, c.value_year_earlier) / 100) / nullif(1 + c.growth::double / 100, 0) - 1) * 100
        as deflator_ytd_change_pct,
    c.contribution as contribution_pp,
    case
        when abs(c.three_growth / c.three_base) > 1e-9
            then 100 * c.contribution / (c.three_growth / c.three_base)
    end as contribution_rate_pct,
    if(c.sector = 'total', c.growth::double - c.contribution, null) as contribution_residual_pp,
    c.quarter_value as value_quarter_cny,
    growth_pct(c.quarter_value, c.quarter_value_year_earlier) as growth_quarter_nominal_pct,
    c.quarter_real as growth_quarter_real_derived_pct,
    if(c.quarter_real is null, null, c.quarter_real_bound) as growth_quarter_real_bound_pp,
    if(c.contribution is null, null, 'approximate: current-price weights') as contribution_method,
    case
        when c.contribution is null and c.growth <= -100 then 'a fall of 100 %: the base is unknown'
        when c.contribution is null and c.three_value = 0 then 'base zero'
        when c.contribution is null then 'a sector or its growth is missing'
        when abs(c.three_growth / c.three_base) <= 1e-9 then 'total growth is zero: points only, no rate'
    end as contribution_reason,
    why_no_growth(c.value, c.value_year_earlier) as growth_ytd_nominal_reason,
    why_no_growth(c.quarter_value, c.quarter_value_year_earlier) as growth_quarter_nominal_reason,
    case
        when c.quarter_real is not null then null
        when c.value is null or c.growth is null then 'a level or its growth is missing'
        when c.previous_value is null or c.previous_base is null then 'no prior YTD'
        when c.value <= c.previous_value then 'year to date does not rise: no bound'
        else 'base unknown'
    end as growth_quarter_real_reason,
    case
        when c.quarter_value is not null then null
        when c.value is null then if(c.growth is null, 'not reported', 'growth only')
        else 'no prior YTD'
    end as quarter_reason,
    case
        when c.quarter_flag is not null then c.quarter_flag
        when c.quarter_flag_year_earlier is not null and c.quarter_value is not null then 'mixed vintage a year earlier'
    end as quarter_flag,
from contributed as c
inner join ref.sector as s on c.sector = s.sector
order by c.zone, c.period, s.ord;
