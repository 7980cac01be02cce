-- One row is a cell of the enterprise tables in a vintage of its quarter, with whether the first vintage has it withheld, and why.
-- zh: 一行是企业汇总表的一个单元（某一版企业报表）：按该季度首版是否应隐匿，及其原因
-- grain: zone, period, vintage, level, industry, sector, variable
-- unit: the variable's own: yuan or persons
-- reads: staging.enterprise_cell, ref.disclosure_parameter
-- The method and what it proves: docs/methodology.md#disclosure. Along the tree total → sector → section within the sector
-- → division, the withheld children of a shown parent are together a cell that itself passes the primary rule; below a
-- withheld cell everything is withheld. A year to date does not fall: what the quarter before showed, and what the next one
-- will show, tells of it as well.
create or replace view staging.disclosure_cell as
with rule as (
    select
        max(p.parameter_value) filter (where p.parameter = 'least_enterprises') as least_enterprises,
        max(p.parameter_value) filter (where p.parameter = 'dominance_pct') as dominance_pct,
        max(p.parameter_value) filter (where p.parameter = 'protection_pct') as protection_pct,
        max(p.parameter_value) filter (where p.parameter = 'coalition_enterprises')::bigint as coalition,
        -- a cell knows its four largest
        if(coalition between 1 and 3, coalition, error('coalition_enterprises: 1, 2 or 3')) as coalition_enterprises,
    from ref.disclosure_parameter as p
),

cell as (
    select
        c.zone, c.period, c.level, c.industry, c.sector, c.section, c.variable, c.value, c.contributors, c.size,
        c.largest_few as largest,
        c.has_open_query, c.vintage, c.is_current, c.known_from,
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
        -- what a year to date cannot fall below: a stock has no such year
        if(ends_with(c.variable, '_ytd_cny'), left(c.period, 4), c.period) as since,
        is_sensitive(
            c.contributors, c.size, c.largest_few,
            r.least_enterprises, r.dominance_pct, r.protection_pct, r.coalition_enterprises
        ) as is_primary,
        r.least_enterprises, r.dominance_pct, r.protection_pct, r.coalition_enterprises,
    from staging.enterprise_cell as c
    cross join rule as r
    where
        c.level <> 'section'
        and c.contributors > 0
        and c.variable in (
            'enterprises', 'output_ytd_cny', 'revenue_ytd_cny', 'profit_ytd_cny', 'tax_ytd_cny', 'rnd_ytd_cny', 'employees'
        )
),

-- read in two parts, so that DuckDB keeps what it has of `cell`: put into the windows below, it would take three seconds to plan
-- them. That a view says `as materialized` is lost in the file
every_cell as (
    select c.*,
    from cell as c
    where c.level = 'total'
    union all
    select c.*,
    from cell as c
    where c.level <> 'total'
),

-- what of a cell a reader does not know from the quarter before: all of it, or what came since the most that a vintage
-- known by then had shown
followed as (
    select
        c.*,
        list(struct_pack(period := c.period, size := c.size, vintage := c.vintage, known_from := c.known_from)) over (
            partition by c.zone, c.variable, c.node, c.since order by period_number(c.period)
            range between unbounded preceding and 1 preceding
        ) as before,
        -- the last of these quarters, and the most of its vintages
        list_max(list_filter(before, lambda b: b.vintage = 1 or b.known_from <= c.known_from)).size as size_before,
        greatest(c.size - coalesce(size_before, 0), 0) as free,
        bool_or(c.is_primary and c.vintage = 1) over (partition by c.zone, c.period, c.variable, c.node) as was_primary,
    from every_cell as c
),

-- room is what has to be free among all that are withheld together, so that this one can be greater by p %
node as (
    select
        f.*,
        f.free < f.size and 100 * f.free < f.protection_pct * f.size as is_stiff,
        case
            when is_stiff then f.free + f.size * f.protection_pct / (100 - f.protection_pct)
            when f.is_primary or f.was_primary then f.free + f.size * f.protection_pct / 100
            else 0
        end as own_room,
    from followed as f
),

-- by windows and no join, so that a filter on a zone reaches the register
branched as (
    select
        n.*,
        case n.level
            when 'total' then max(n.own_room) over whole
            when 'sector' then max(n.own_room) over within_sector
            when 'sector_section' then max(n.own_room) over within_section
            else n.own_room
        end as room,
        n.level = 'sector_section'
        and coalesce(bool_or(n.is_primary) filter (where n.level = 'division') over within_section, false)
        and not can_protect(
            count(*) filter (where n.level = 'division') over within_section,
            sum(n.free) filter (where n.level = 'division') over within_section,
            max(n.own_room) filter (where n.level = 'division') over within_section
        ) as is_open_section,
    from node as n
    window
        whole as (partition by n.zone, n.period, n.variable, n.vintage),
        within_sector as (partition by n.zone, n.period, n.variable, n.vintage, n.sector),
        within_section as (partition by n.zone, n.period, n.variable, n.vintage, n.sector, n.section)
),

-- a cell is unsafe as well where all that it is made up of cannot protect what is unsafe among them: it would give it away
opened as (
    select
        b.*,
        b.level = 'sector'
        and coalesce(
            bool_or(b.is_primary or b.is_open_section) filter (where b.level = 'sector_section') over within_sector, false
        )
        and not can_protect(
            count(*) filter (where b.level = 'sector_section') over within_sector,
            sum(b.free) filter (where b.level = 'sector_section') over within_sector,
            max(b.room) filter (where b.level = 'sector_section') over within_sector
        ) as is_open_sector,
    from branched as b
    window within_sector as (partition by b.zone, b.period, b.variable, b.vintage, b.sector)
),

marked as (
    select
        o.*,
        o.is_primary
        or o.is_open_section
        or o.is_open_sector
        or (
            o.level = 'total'
            and coalesce(bool_or(o.is_primary or o.is_open_sector) filter (where o.level = 'sector') over whole, false)
            and not can_protect(
                count(*) filter (where o.level = 'sector') over whole,
                sum(o.free) filter (where o.level = 'sector') over whole,
                max(o.room) filter (where o.level = 'sector') over whole
            )
        ) as is_unsafe,
    from opened as o
    window whole as (partition by o.zone, o.period, o.variable, o.vintage)
),

-- the children of a cell: the unsafe ones first, then from the smallest, and last those that hardly grew in the quarter
ranked as (
    select
        m.*,
        row_number() over smallest_first as place,
        count(*) filter (where m.is_unsafe) over siblings as unsafe,
        sum(m.contributors) over smallest_first as union_contributors,
        sum(m.size) over smallest_first as union_size,
        largest_of(
            max(m.largest[1], 4) over smallest_first, max(m.largest[2], 4) over smallest_first,
            max(m.largest[3], 4) over smallest_first, max(m.largest[4], 4) over smallest_first
        ) as union_largest,
        sum(m.free) over smallest_first as union_free,
        max(m.room) over smallest_first as union_room,
        m.contributors + sum(m.contributors) filter (where m.is_unsafe) over siblings as alone_contributors,
        m.size + sum(m.size) filter (where m.is_unsafe) over siblings as alone_size,
        largest_of(
            max(m.largest[1], 4) filter (where m.is_unsafe) over siblings,
            max(m.largest[2], 4) filter (where m.is_unsafe) over siblings,
            max(m.largest[3], 4) filter (where m.is_unsafe) over siblings,
            max(m.largest[4], 4) filter (where m.is_unsafe) over siblings
        ) as unsafe_largest,
        m.free + sum(m.free) filter (where m.is_unsafe) over siblings as alone_free,
        greatest(m.room, max(m.room) filter (where m.is_unsafe) over siblings) as alone_room,
    from marked as m
    window
        siblings as (partition by m.zone, m.period, m.variable, m.vintage, m.parent),
        smallest_first as (
            partition by m.zone, m.period, m.variable, m.vintage, m.parent
            order by m.is_unsafe desc, m.is_stiff asc, m.size asc, m.node asc rows unbounded preceding
        )
),

-- what is withheld with the unsafe ones so that together they are safe: nothing, one more, or the smallest ones
judged as (
    select
        r.zone, r.period, r.level, r.industry, r.sector, r.section, r.variable, r.value, r.contributors, r.node, r.parent,
        r.since, r.is_primary, r.is_unsafe, r.unsafe, r.place, r.has_open_query, r.vintage, r.is_current, r.known_from, r.size,
        r.largest, r.free, r.room, r.least_enterprises, r.dominance_pct, r.protection_pct, r.coalition_enterprises,
        r.place >= r.unsafe
        and r.place > 1
        and not is_sensitive(
            r.union_contributors, r.union_size, r.union_largest,
            r.least_enterprises, r.dominance_pct, r.protection_pct, r.coalition_enterprises
        )
        and r.union_free >= r.union_room as is_union_safe,
        not r.is_unsafe
        and not is_sensitive(
            r.alone_contributors, r.alone_size, largest_of(r.largest, r.unsafe_largest, null, null),
            r.least_enterprises, r.dominance_pct, r.protection_pct, r.coalition_enterprises
        )
        and r.alone_free >= r.alone_room as is_one_enough,
    from ranked as r
),

chosen as (
    select
        j.*,
        min(j.place) filter (where j.is_union_safe) over siblings as last_of_smallest,
        min(j.place) filter (where j.is_one_enough) over siblings as only_one,
    from judged as j
    window siblings as (partition by j.zone, j.period, j.variable, j.vintage, j.parent)
),

cut as (
    select
        c.*,
        c.is_unsafe
        or (
            c.unsafe > 0
            and c.last_of_smallest is distinct from c.unsafe
            and coalesce(if(c.only_one is null, c.place <= c.last_of_smallest, c.place = c.only_one), true)
        ) as is_cut_now,
    from chosen as c
),

-- what is withheld of a quarter is settled by its first vintage, for every later one as well. A year to date that was withheld
-- stays so until the year is over: one that is shown later is the most it can have been. So each window reaches back to the
-- first quarter of the year.
traced as (
    select
        c.*,
        coalesce(bool_or(c.is_cut_now) filter (where c.vintage = 1) over itself, false) as is_cut,
        coalesce(bool_or(c.is_cut_now) filter (where c.vintage = 1 and c.level = 'total') over whole, false) as is_total_cut,
        coalesce(bool_or(c.is_cut_now) filter (where c.vintage = 1 and c.level = 'sector') over within_sector, false)
            as is_sector_cut,
        coalesce(bool_or(c.is_cut_now) filter (where c.vintage = 1 and c.level = 'sector_section') over within_section, false)
            as is_section_cut,
        -- the only section of a withheld sector, and how many such sectors a shown total has
        count(*) filter (where c.level = 'sector_section') over this_quarter as sections,
        count(distinct c.sector) filter (where c.vintage = 1 and c.level = 'sector' and c.is_cut_now) over whole
            as sectors_cut,
    from cut as c
    window
        itself as (partition by c.zone, c.variable, c.since, c.node order by c.period),
        whole as (partition by c.zone, c.variable, c.since order by c.period),
        within_sector as (partition by c.zone, c.variable, c.since, c.sector order by c.period),
        within_section as (partition by c.zone, c.variable, c.since, c.sector, c.section order by c.period),
        this_quarter as (partition by c.zone, c.period, c.variable, c.vintage, c.sector)
)

select
    t.zone, t.period, t.vintage, t.is_current, t.known_from, t.level, t.industry, t.sector, t.section, t.variable, t.value,
    t.contributors, t.size, t.largest, t.node, t.parent, t.since, t.is_primary, t.free, t.room,
    t.least_enterprises, t.dominance_pct, t.protection_pct, t.coalition_enterprises,
    (t.level <> 'total' and t.is_total_cut)
    or (t.level in ('sector_section', 'division') and t.is_sector_cut)
    or (t.level = 'division' and t.is_section_cut) as is_below_a_cut,
    t.is_cut or is_below_a_cut as is_withheld,
    case
        when t.is_primary and is_withheld then 'primary'
        when t.is_cut_now and t.is_cut then 'secondary'
        when t.is_cut then if(t.vintage = 1, 'withheld earlier in the year', 'withheld before the revision')
        when is_below_a_cut then 'within a withheld cell'
    end as withheld_reason,
    t.is_sector_cut and t.sections = 1 as is_whole_cut_sector,
    t.sectors_cut, t.is_total_cut, t.has_open_query,
from traced as t;
