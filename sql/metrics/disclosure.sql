-- One row is a cell of the enterprise tables, with whether it may be shown to the public, and why not.
-- zh: 一行是企业汇总表的一个单元：能否对外公布，不能公布的原因（初级隐匿、次级隐匿、上级已隐匿、修订会泄露首版已隐匿的数）
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons
-- reads: staging.disclosure_cell
-- What is withheld of a quarter's first vintage stays withheld in those after it. One is shown where that is enough for it
-- too, and hides from whoever kept the ones before; else nothing of it is (docs/methodology.md#disclosure, rule 6). A section
-- that lies in several sectors is shown where all its parts are.
create or replace view metrics.disclosure as
with with_siblings as (
    select
        d.*,
        -- the same cells as in the first vintage
        coalesce(bool_or(d.vintage = 1) over of_node, false) as stood_first,
        count(*) over of_vintage as cells,
        count(*) filter (where d.vintage = 1) over of_quarter as cells_first,
        -- what is withheld together, and can be subtracted from what is shown
        sum(d.contributors) filter (where d.is_withheld) over siblings as hidden_contributors,
        sum(d.size) filter (where d.is_withheld) over siblings as hidden_size,
        largest_of(
            max(d.largest[1], 4) filter (where d.is_withheld) over siblings,
            max(d.largest[2], 4) filter (where d.is_withheld) over siblings,
            max(d.largest[3], 4) filter (where d.is_withheld) over siblings,
            max(d.largest[4], 4) filter (where d.is_withheld) over siblings
        ) as hidden_largest,
        sum(d.free) filter (where d.is_withheld) over siblings as hidden_free,
        max(d.room) filter (where d.is_withheld) over siblings as hidden_room,
        -- a later quarter that has it withheld was known before
        min(d.known_from) filter (where d.is_withheld) over later as withheld_later_from,
        max(d.size) over (
            partition by d.zone, d.period, d.variable, d.node order by d.vintage
            rows between unbounded preceding and 1 preceding
        ) as most_before,
    from staging.disclosure_cell as d
    window
        of_node as (partition by d.zone, d.period, d.variable, d.node),
        of_vintage as (partition by d.zone, d.period, d.variable, d.vintage),
        of_quarter as (partition by d.zone, d.period, d.variable),
        siblings as (partition by d.zone, d.period, d.variable, d.vintage, d.parent),
        later as (
            partition by d.zone, d.variable, d.node, d.since order by period_number(d.period)
            range between 1 following and unbounded following
        )
),

checked as (
    select
        s.*,
        s.vintage > 1
        and (
            not s.stood_first
            or s.cells <> s.cells_first
            -- it needs more to be withheld
            or (s.is_primary and not s.is_withheld)
            or (
                s.is_withheld
                and not s.is_below_a_cut
                and s.level <> 'total'
                and (
                    is_sensitive(
                        s.hidden_contributors, s.hidden_size, s.hidden_largest,
                        s.least_enterprises, s.dominance_pct, s.protection_pct, s.coalition_enterprises
                    )
                    or s.hidden_free < s.hidden_room
                )
            )
            -- it says that a later quarter's withheld figure is at least so much
            or (not s.is_withheld and s.withheld_later_from < s.known_from and s.size > s.most_before)
        ) as reveals,
    from with_siblings as s
),

-- a section as a whole comes from its parts in the sectors, of which one has it beside itself
parted as (
    select
        c.*,
        unnest(
            if(c.level = 'sector_section' and row_number() over by_sector = 1, [c.level, 'section'], [c.level])
        ) as of_level,
        count(*) over parts as parts,
        sum(c.value) over parts as parts_value,
        bool_or(c.has_open_query) over parts as parts_have_open_query,
        sum(c.contributors) over parts as parts_contributors,
        count(*) filter (where c.is_withheld) over parts as parts_withheld,
        -- parts that are all of what is withheld are the total less the sectors shown: a safe sum that everybody can take
        count(*) over parts > 1
        and not c.is_total_cut
        and count(*) filter (where c.is_withheld) over parts = c.sectors_cut
        and count(*) filter (where c.is_withheld) over parts
        = count(*) filter (where c.is_withheld and c.is_whole_cut_sector) over parts as is_known,
        bool_or(c.reveals) over of_vintage as is_vintage_revealing,
    from checked as c
    window
        parts as (partition by c.zone, c.period, c.variable, c.vintage, c.level, c.section),
        by_sector as (partition by c.zone, c.period, c.variable, c.vintage, c.level, c.section order by c.sector),
        of_vintage as (partition by c.zone, c.period, c.variable, c.vintage)
)

select
    p.zone,
    p.period,
    p.of_level as level,
    p.industry,
    if(p.of_level = 'section' and p.parts > 1, 'several', p.sector) as sector,
    p.variable,
    if(p.of_level = 'section', p.parts_value, p.value)::decimal(28, 2) as value,
    if(p.of_level = 'section', p.parts_contributors, p.contributors)::bigint as enterprises,
    -- a section in one sector is its part there; of one in several a part that is withheld would follow from the whole
    p.is_primary and not (p.of_level = 'section' and p.parts > 1) as is_primary,
    p.is_vintage_revealing
    or if(p.of_level = 'section', p.parts_withheld > 0 and not p.is_known, p.is_withheld) as is_withheld,
    case
        when p.is_withheld and not (p.of_level = 'section' and p.parts > 1) then p.withheld_reason
        when p.is_vintage_revealing then 'a revision that tells of what is withheld'
        when p.of_level = 'section' and p.parts > 1 and p.parts_withheld > 0 and not p.is_known then 'a part is withheld'
    end as withheld_reason,
    if(p.of_level = 'section', p.parts_have_open_query, p.has_open_query) as has_open_query,
from parted as p
where p.is_current;
