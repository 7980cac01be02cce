-- One row is a variable of a zone's enterprises in a quarter, in one cell of the industry classification at one level.
-- zh: 一行是一个地区一个季度一个行业层级单元中企业的一个变量
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons
-- reads: metrics.enterprise_division
-- Levels: total; sector; section, whole; sector_section, the part of a section that lies in one sector; division.
-- total → sector → sector_section → division is a tree; a section that lies in two sectors (A, B, C) is not part of it.
create or replace view metrics.enterprise_cell as
with added_up as (
    select
        d.zone,
        d.period,
        case grouping(d.sector, d.section, d.division)
            when 7 then 'total'
            when 3 then 'sector'
            when 5 then 'section'
            when 1 then 'sector_section'
            else 'division'
        end as level,
        d.sector,
        d.section,
        d.division,
        d.variable,
        sum(d.value) as value,
        sum(d.contributors)::bigint as contributors,
        sum(d.size) as size,
        sum(d.squares) as squares,
        list_sort(flatten(list(d.largest)), 'desc')[1:10] as largest,
        sum(d.paired_value) as paired_value,
        sum(d.paired_year_earlier) as paired_year_earlier,
        -- a section in one sector alone is that sector's
        if(count(distinct d.sector) = 1, any_value(d.sector), null) as only_sector,
    from metrics.enterprise_division as d
    group by
        d.zone, d.period, d.variable,
        grouping sets ((), (d.sector), (d.section), (d.sector, d.section), (d.sector, d.section, d.division))
)

select
    a.zone,
    a.period,
    a.level,
    case a.level
        when 'total' then 'total'
        when 'sector' then a.sector
        when 'division' then a.division
        else a.section
    end as industry,
    case a.level when 'total' then 'total' when 'section' then coalesce(a.only_sector, 'several') else a.sector end as sector,
    case when a.level <> 'section' then a.section end as section,
    a.variable,
    a.value,
    a.contributors,
    a.size,
    a.squares,
    a.largest,
    a.paired_value,
    a.paired_year_earlier,
from added_up as a;
