-- One row is a variable of the enterprises present both now and a year earlier, in one cell of the classification.
-- zh: 一行是本期与上年同期都在的企业（同口径）在一个行业层级单元中的一个变量
-- grain: zone, period, level, industry, variable, sector
-- unit: the variable's own: yuan or persons
-- reads: staging.enterprise_quarter
-- An enterprise counts in each period under the industry it had in that period: one that moved between the two adds to
-- the value of its new industry and to the base of its old one, and both cells name it.
create or replace view staging.enterprise_matched as
with in_both as (
    select
        t.zone,
        t.period,
        coalesce(t.sector, 'unknown') as sector,
        coalesce(t.section, 'unknown') as section,
        coalesce(t.division, t.section, 'unknown') as division,
        coalesce(y.sector, 'unknown') as sector_before,
        coalesce(y.section, 'unknown') as section_before,
        coalesce(y.division, y.section, 'unknown') as division_before,
        count(*) as enterprises,
        list(t.enterprise || ' (' || y.industry || ' → ' || t.industry || ')')
        filter (where coalesce(t.division, t.section, 'unknown') <> coalesce(y.division, y.section, 'unknown'))
            as moved,
        [
            pair('output_ytd_cny', t.output_ytd_cny, y.output_ytd_cny),
            pair('revenue_ytd_cny', t.revenue_ytd_cny, y.revenue_ytd_cny),
            pair('profit_ytd_cny', t.profit_ytd_cny, y.profit_ytd_cny),
            pair('tax_ytd_cny', t.tax_ytd_cny, y.tax_ytd_cny),
            pair('rnd_ytd_cny', t.rnd_ytd_cny, y.rnd_ytd_cny),
            pair('employees', t.employees, y.employees)
        ] as variables,
    from staging.enterprise_quarter as t
    inner join staging.enterprise_quarter as y
        on t.zone = y.zone and t.uscc = y.uscc and y.period = period_year_earlier(t.period)
    group by all
),

-- all variables of an enterprise change sides together
sides as (
    select
        b.zone, b.period, b.sector, b.section, b.division,
        true as is_now,
        b.variables, b.enterprises, b.moved,
        b.sector <> b.sector_before as moved_sector,
        b.section <> b.section_before as moved_section,
    from in_both as b
    union all
    select
        b.zone,
        b.period,
        b.sector_before as sector,
        b.section_before as section,
        b.division_before as division,
        false as is_now,
        b.variables,
        0 as enterprises,
        b.moved,
        b.sector <> b.sector_before as moved_sector,
        b.section <> b.section_before as moved_section,
    from in_both as b
),

added_up as (
    select
        s.zone,
        s.period,
        case grouping(s.sector, s.section, s.division)
            when 7 then 'total'
            when 3 then 'sector'
            when 5 then 'section'
            when 1 then 'sector_section'
            else 'division'
        end as level,
        s.sector, s.section, s.division,
        [
            pair_sum(s.variables[1], s.is_now),
            pair_sum(s.variables[2], s.is_now),
            pair_sum(s.variables[3], s.is_now),
            pair_sum(s.variables[4], s.is_now),
            pair_sum(s.variables[5], s.is_now),
            pair_sum(s.variables[6], s.is_now)
        ] as variables,
        sum(s.enterprises)::bigint as enterprises,
        -- who crossed the border of the cell: inside the whole nobody does
        case grouping(s.sector, s.section, s.division)
            when 7 then null
            when 3 then flatten(list(s.moved) filter (where s.moved_sector))
            when 5 then flatten(list(s.moved) filter (where s.moved_section))
            when 1 then flatten(list(s.moved) filter (where s.moved_section or s.moved_sector))
            else flatten(list(s.moved) filter (where s.moved is not null))
        end as moved,
        if(min(s.sector) = max(s.sector), min(s.sector), null) as only_sector,
    from sides as s
    group by
        s.zone, s.period,
        grouping sets ((), (s.sector), (s.section), (s.sector, s.section), (s.sector, s.section, s.division))
),

listed as (
    select
        a.zone, a.period, a.level, a.sector, a.section, a.division, a.enterprises,
        list_sort(list_distinct(coalesce(a.moved, []))) as moved,
        a.only_sector,
        unnest(a.variables) as v,
    from added_up as a
)

select
    a.zone, a.period, a.level,
    cell_industry(a.level, a.sector, a.section, a.division) as industry,
    cell_sector(a.level, a.sector, a.only_sector) as sector,
    a.v.variable,
    a.v.value,
    a.v.base,
    a.v.contributors,
    a.enterprises,
    nullif(len(a.moved), 0)::bigint as enterprises_moved,
    nullif(array_to_string(a.moved, '; '), '') as moved,
from listed as a;
