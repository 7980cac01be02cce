-- One row is a variable of a zone's enterprises in a vintage of a quarter, in one cell of the industry classification at one level.
-- zh: 一行是一个地区一个季度（某一版企业报表）一个行业层级单元中企业的一个变量
-- grain: zone, period, vintage, level, industry, sector, variable
-- unit: the variable's own: yuan or persons
-- reads: staging.enterprise_division
-- Levels: total; sector; section, whole; sector_section, the part of a section that lies in one sector; division.
-- total → sector → sector_section → division is a tree; a section that lies in two sectors (A, B, C) is not part of it. Divisions
-- are as they are: to group them with the others would be to hold every one of them again.
create or replace view staging.enterprise_cell as
with added_up as (
    select
        d.zone, d.period, d.vintage, d.is_current, d.known_from,
        case grouping(d.sector, d.section)
            when 3 then 'total'
            when 1 then 'sector'
            when 2 then 'section'
            else 'sector_section'
        end as level,
        d.sector, d.section, d.variable,
        sum(d.value) as value,
        sum(d.contributors)::bigint as contributors,
        sum(d.size) as size,
        sum(d.squares) as squares,
        largest_of(
            max(d.largest_few[1], 4), max(d.largest_few[2], 4), max(d.largest_few[3], 4), max(d.largest_few[4], 4)
        ) as largest_few,
        -- lists are kept in memory, so only of what concentration is measured in
        list(d.largest) filter (where d.largest is not null) as largest_lists,
        sum(d.paired_value) as paired_value,
        sum(d.paired_year_earlier) as paired_year_earlier,
        bool_or(d.has_open_query) as has_open_query,
        -- a section in one sector alone is that sector's
        if(min(d.sector) = max(d.sector), min(d.sector), null) as only_sector,
    from staging.enterprise_division as d
    group by
        d.zone, d.period, d.vintage, d.is_current, d.known_from, d.variable,
        grouping sets ((), (d.sector), (d.section), (d.sector, d.section))
)

select
    a.zone, a.period, a.vintage, a.is_current, a.known_from, a.level,
    cell_industry(a.level, a.sector, a.section, null) as industry,
    cell_sector(a.level, a.sector, a.only_sector) as sector,
    case when a.level <> 'section' then a.section end as section,
    a.variable, a.value, a.contributors, a.size, a.squares,
    a.largest_few,
    list_sort(flatten(a.largest_lists), 'desc')[1:10] as largest,
    a.paired_value,
    a.paired_year_earlier,
    a.has_open_query,
from added_up as a
union all
select
    d.zone, d.period, d.vintage, d.is_current, d.known_from,
    'division' as level,
    d.division as industry,
    d.sector, d.section, d.variable, d.value, d.contributors, d.size, d.squares, d.largest_few,
    d.largest, d.paired_value, d.paired_year_earlier, d.has_open_query,
from staging.enterprise_division as d;
