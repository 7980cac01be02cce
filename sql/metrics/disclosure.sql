-- One row is a cell of the enterprise tables, with whether it may be shown to the public, and why not.
-- zh: 一行是企业汇总表的一个单元：能否对外公布，不能公布的原因（初级隐匿、次级隐匿、上级已隐匿）
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons
-- reads: staging.enterprise_cell, ref.disclosure_parameter
-- The method and what it proves: docs/methodology.md#disclosure. Along the tree total → sector → section within the sector
-- → division, the withheld children of a shown parent are together a cell that itself passes the primary rule; below a
-- withheld cell everything is withheld; a section that lies in several sectors is shown where all its parts are.
create or replace view metrics.disclosure as
with rule as (
    select
        max(p.parameter_value) filter (where p.parameter = 'least_enterprises') as least_enterprises,
        max(p.parameter_value) filter (where p.parameter = 'dominance_pct') as dominance_pct,
        max(p.parameter_value) filter (where p.parameter = 'protection_pct') as protection_pct,
    from ref.disclosure_parameter as p
),

node as (
    select
        c.* replace (coalesce(c.largest_second, 0) as largest_second),
        -- along the tree: itself, and what it is a part of
        case c.level
            when 'total' then ''
            when 'sector' then c.sector
            when 'sector_section' then c.sector || '/' || c.section
            else c.sector || '/' || c.section || '/' || c.industry
        end as node,
        case c.level
            when 'sector' then ''
            when 'sector_section' then c.sector
            when 'division' then c.sector || '/' || c.section
        end as parent,
        is_sensitive(
            c.contributors, c.size, c.largest_first, coalesce(c.largest_second, 0),
            r.least_enterprises, r.dominance_pct, r.protection_pct
        ) as is_primary,
        r.least_enterprises, r.dominance_pct, r.protection_pct,
    from staging.enterprise_cell as c
    cross join rule as r
    where
        c.level <> 'section'
        and c.contributors > 0
        and c.variable in (
            'enterprises', 'output_ytd_cny', 'revenue_ytd_cny', 'profit_ytd_cny', 'tax_ytd_cny', 'rnd_ytd_cny', 'employees'
        )
),

-- the largest sensitive cell in the branch of each, by windows and no join, so that a filter on a zone reaches the register
branched as (
    select
        n.*,
        coalesce(
            case n.level
                when 'total' then max(n.size) filter (where n.is_primary) over whole
                when 'sector' then max(n.size) filter (where n.is_primary) over within_sector
                when 'sector_section' then max(n.size) filter (where n.is_primary) over within_section
                else if(n.is_primary, n.size, null)
            end,
            0
        ) as hidden,
    from node as n
    window
        whole as (partition by n.zone, n.period, n.variable),
        within_sector as (partition by n.zone, n.period, n.variable, n.sector),
        within_section as (partition by n.zone, n.period, n.variable, n.sector, n.section)
),

marked as (
    select
        b.*,
        -- a cell made up almost wholly of a sensitive one would give it away within the same margin
        b.is_primary or 100 * (b.size - b.hidden) < b.protection_pct * b.hidden as is_unsafe,
    from branched as b
),

-- the children of a cell: the unsafe ones first, then from the smallest
ranked as (
    select
        m.*,
        row_number() over smallest_first as place,
        count(*) filter (where m.is_unsafe) over siblings as unsafe,
        sum(m.contributors) over smallest_first as union_contributors,
        sum(m.size) over smallest_first as union_size,
        max(m.largest_first) over smallest_first as union_first,
        greatest(max(m.largest_second) over smallest_first, (max(m.largest_first, 2) over smallest_first)[2]) as union_second,
        max(m.hidden) over smallest_first as union_hidden,
        m.contributors + sum(m.contributors) filter (where m.is_unsafe) over siblings as alone_contributors,
        m.size + sum(m.size) filter (where m.is_unsafe) over siblings as alone_size,
        max(m.largest_first) filter (where m.is_unsafe) over siblings as unsafe_first,
        greatest(
            max(m.largest_second) filter (where m.is_unsafe) over siblings,
            (max(m.largest_first, 2) filter (where m.is_unsafe) over siblings)[2]
        ) as unsafe_second,
        max(m.hidden) filter (where m.is_unsafe) over siblings as alone_hidden,
    from marked as m
    window
        siblings as (partition by m.zone, m.period, m.variable, m.parent),
        smallest_first as (
            partition by m.zone, m.period, m.variable, m.parent
            order by m.is_unsafe desc, m.size asc, m.node asc rows unbounded preceding
        )
),

-- what is withheld with the unsafe ones so that together they are safe: nothing, one more, or the smallest ones
judged as (
    select
        r.*,
        r.place >= r.unsafe
        and not is_sensitive(
            r.union_contributors, r.union_size, r.union_first, r.union_second,
            r.least_enterprises, r.dominance_pct, r.protection_pct
        )
        and 100 * (r.union_size - r.union_hidden) >= r.protection_pct * r.union_hidden as is_union_safe,
        not r.is_unsafe
        and not is_sensitive(
            r.alone_contributors, r.alone_size, greatest(r.largest_first, r.unsafe_first),
            greatest(least(r.largest_first, r.unsafe_first), r.largest_second, r.unsafe_second),
            r.least_enterprises, r.dominance_pct, r.protection_pct
        )
        and 100 * (r.alone_size - greatest(r.alone_hidden, r.hidden))
        >= r.protection_pct * greatest(r.alone_hidden, r.hidden) as is_one_enough,
    from ranked as r
),

chosen as (
    select
        j.*,
        min(j.place) filter (where j.is_union_safe) over siblings as last_of_smallest,
        min(j.place) filter (where j.is_one_enough) over siblings as only_one,
    from judged as j
    window siblings as (partition by j.zone, j.period, j.variable, j.parent)
),

cut as (
    select
        c.*,
        c.is_unsafe
        or (
            c.unsafe > 0
            and c.last_of_smallest is distinct from c.unsafe
            and coalesce(if(c.only_one is null, c.place <= c.last_of_smallest, c.place = c.only_one), true)
        ) as is_cut,
    from chosen as c
),

traced as (
    select
        c.*,
        coalesce(
            (c.level <> 'total' and bool_or(c.is_cut) filter (where c.level = 'total') over whole)
            or (
                c.level in ('sector_section', 'division')
                and bool_or(c.is_cut) filter (where c.level = 'sector') over within_sector
            )
            or (c.level = 'division' and bool_or(c.is_cut) filter (where c.level = 'sector_section') over within_section),
            false
        ) as is_below_a_cut,
    from cut as c
    window
        whole as (partition by c.zone, c.period, c.variable),
        within_sector as (partition by c.zone, c.period, c.variable, c.sector),
        within_section as (partition by c.zone, c.period, c.variable, c.sector, c.section)
),

settled as (
    select
        t.zone, t.period, t.level, t.industry, t.sector, t.section, t.variable, t.value, t.contributors, t.is_primary,
        t.is_cut or t.is_below_a_cut as is_withheld,
        case
            when t.is_primary then 'primary'
            when t.is_cut then 'secondary'
            when t.is_below_a_cut then 'within a withheld cell'
        end as withheld_reason,
    from traced as t
),

whole_section as (
    select
        s.zone, s.period, s.variable, s.section,
        if(count(*) = 1, any_value(s.sector), 'several') as sector,
        sum(s.value) as value,
        sum(s.contributors)::bigint as contributors,
        bool_or(s.is_withheld) as is_withheld,
        -- a section in one sector is its part there; of one in several a part that is withheld would follow from the whole
        if(count(*) = 1, any_value(s.is_primary), false) as is_primary,
        if(count(*) = 1, any_value(s.withheld_reason), if(bool_or(s.is_withheld), 'a part is withheld', null))
            as withheld_reason,
    from settled as s
    where s.level = 'sector_section'
    group by s.zone, s.period, s.variable, s.section
)

select
    s.zone, s.period, s.level, s.industry, s.sector, s.variable,
    s.value::decimal(28, 2) as value,
    s.contributors as enterprises,
    s.is_primary, s.is_withheld, s.withheld_reason,
from settled as s
union all
select
    w.zone,
    w.period,
    'section' as level,
    w.section as industry,
    w.sector,
    w.variable,
    w.value::decimal(28, 2) as value,
    w.contributors as enterprises,
    w.is_primary, w.is_withheld, w.withheld_reason,
from whole_section as w;
