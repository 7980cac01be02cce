-- One row is the pull of a sector (or of all three) on a zone's growth: year to date, in the quarter, over four quarters.
-- zh: 一行是一个地区一个季度的一个产业（或合计）对增长的拉动：累计、当季、最近四个季度，连同修约留下的区间
-- grain: zone, period, sector, span
-- unit: _pp in percentage points; _cny in yuan
-- reads: staging.sector_base, ref.sector
-- F23 of docs/methodology.md#structure: P_i = (V_i − b_i) / Σb, of the year to date, of differences of it inside the year, and of
-- the last four quarters. low and high are what the printed digits leave open, each level and growth taken at its end.
create or replace view metrics.sector_contribution as
with spanned as (
    select
        b.zone, b.period, b.sector,
        unnest([
            struct_pack(
                span := 'ytd', value := b.now.value, value_low := b.now.value_low, value_high := b.now.value_high,
                base := b.now.base, base_low := b.now.base_low, base_high := b.now.base_high,
                has_open_query := b.now.has_open_query
            ),
            struct_pack(
                span := 'quarter',
                value := b.now.value - if(b.quarter = 1, 0, b.previous.value),
                value_low := b.now.value_low - if(b.quarter = 1, 0, b.previous.value_high),
                value_high := b.now.value_high - if(b.quarter = 1, 0, b.previous.value_low),
                base := b.now.base - if(b.quarter = 1, 0, b.previous.base),
                base_low := b.now.base_low - if(b.quarter = 1, 0, b.previous.base_high),
                base_high := b.now.base_high - if(b.quarter = 1, 0, b.previous.base_low),
                has_open_query := b.now.has_open_query or coalesce(b.previous.has_open_query, false)
            ),
            struct_pack(
                span := 'four_quarters',
                value := b.now.value + if(b.quarter = 4, 0, b.annual.value - b.a_year_earlier.value),
                value_low := b.now.value_low + if(b.quarter = 4, 0, b.annual.value_low - b.a_year_earlier.value_high),
                value_high := b.now.value_high + if(b.quarter = 4, 0, b.annual.value_high - b.a_year_earlier.value_low),
                base := b.now.base + if(b.quarter = 4, 0, b.annual.base - b.a_year_earlier.base),
                base_low := b.now.base_low + if(b.quarter = 4, 0, b.annual.base_low - b.a_year_earlier.base_high),
                base_high := b.now.base_high + if(b.quarter = 4, 0, b.annual.base_high - b.a_year_earlier.base_low),
                has_open_query := b.now.has_open_query
                or coalesce(b.quarter <> 4 and (b.annual.has_open_query or b.a_year_earlier.has_open_query), false)
            )
        ]) as s,
    from staging.sector_base as b
),

-- three sectors in one row, so that they are added in one order (docs/methodology.md#same-answer)
sectors as (
    select
        p.zone,
        p.period,
        p.s.span as span, -- noqa: AL09
        max(p.s) filter (where p.sector = 'primary') as primary_sector,
        max(p.s) filter (where p.sector = 'secondary') as secondary_sector,
        max(p.s) filter (where p.sector = 'tertiary') as tertiary_sector,
        bool_or(p.s.has_open_query) as has_open_query,
    from spanned as p
    group by p.zone, p.period, p.s.span
),

each_sector as (
    select
        s.zone, s.period, s.span, s.has_open_query,
        s.tertiary_sector.base + s.secondary_sector.base + s.primary_sector.base as base_all,
        s.tertiary_sector.base_low + s.secondary_sector.base_low + s.primary_sector.base_low as base_all_low,
        s.tertiary_sector.base_high + s.secondary_sector.base_high + s.primary_sector.base_high as base_all_high,
        unnest([
            struct_pack(sector := 'primary', s := s.primary_sector),
            struct_pack(sector := 'secondary', s := s.secondary_sector),
            struct_pack(sector := 'tertiary', s := s.tertiary_sector),
            struct_pack(
                sector := 'total',
                s := struct_pack(
                    span := s.span,
                    value := s.tertiary_sector.value + s.secondary_sector.value + s.primary_sector.value,
                    value_low := s.tertiary_sector.value_low + s.secondary_sector.value_low + s.primary_sector.value_low,
                    value_high := s.tertiary_sector.value_high + s.secondary_sector.value_high + s.primary_sector.value_high,
                    base := s.tertiary_sector.base + s.secondary_sector.base + s.primary_sector.base,
                    base_low := s.tertiary_sector.base_low + s.secondary_sector.base_low + s.primary_sector.base_low,
                    base_high := s.tertiary_sector.base_high + s.secondary_sector.base_high + s.primary_sector.base_high,
                    has_open_query := s.has_open_query
                )
            )
        ]) as e,
    from sectors as s
)

select
    a.zone,
    a.period,
    a.e.sector as sector, -- noqa: AL09
    a.span, c.title_zh, c.title_en,
    a.e.s.value as value_cny,
    a.e.s.value - a.e.s.base as increment_cny,
    if(a.base_all > 0, 100 * (a.e.s.value - a.e.s.base) / a.base_all, null) as contribution_pp,
    -- the others' base is the whole's without its own
    if(
        a.base_all_low > 0, 100 * (a.e.s.value_low - a.e.s.base_high) / (
            a.e.s.base_high
            + if(a.e.s.value_low > a.e.s.base_high, a.base_all_high - a.e.s.base_high, a.base_all_low - a.e.s.base_low)
        ), null
    ) as contribution_low_pp,
    if(
        a.base_all_low > 0, 100 * (a.e.s.value_high - a.e.s.base_low) / (
            a.e.s.base_low
            + if(a.e.s.value_high > a.e.s.base_low, a.base_all_low - a.e.s.base_low, a.base_all_high - a.e.s.base_high)
        ), null
    ) as contribution_high_pp,
    if(a.base_all > 0, 'approximate: current-price weights', null) as contribution_method,
    case
        when a.base_all > 0 then null
        when a.span = 'ytd' then 'a sector or its growth is missing'
        when a.span = 'quarter' then 'a sector, its growth or the quarter before is missing'
        else 'a sector, its growth or a quarter of the year is missing'
    end as contribution_reason,
    a.has_open_query,
from each_sector as a
inner join ref.sector as c on a.e.sector = c.sector;
