-- One row is the growth of a cell of the register over a year as an exact sum in points: the same, entries, exits, moves, threshold.
-- zh: 一行是企业报表一个单元的一个变量一年间的增长，分解为可加的五部分：同口径、新进、退出、转行业、升规退规
-- grain: zone, period, level, industry, variable
-- unit: the variable's own: yuan or persons; _pp in percentage points of the cell a year earlier
-- reads: staging.enterprise_quarter
-- F33 of docs/methodology.md#registers. An enterprise counts once: it entered, left, moved to another cell, crossed the threshold
-- inside the cell, or is the same. The five add up to the growth of the cell, exactly. Nothing where there is no register a year earlier.
create or replace view metrics.register_growth as
with side as (
    select
        e.zone,
        e.period,
        true as is_now,
        struct_pack(
            e.uscc, division := coalesce(e.division, e.section, 'unknown'), section := coalesce(e.section, 'unknown'),
            e.above_threshold, e.has_open_query, amounts := [e.output_ytd_cny, e.revenue_ytd_cny, e.profit_ytd_cny, e.employees]
        ) as e,
    from staging.enterprise_quarter as e
    union all
    select
        b.zone,
        (left(b.period, 4)::integer + 1)::varchar || right(b.period, 2) as period,
        false as is_now,
        struct_pack(
            b.uscc, division := coalesce(b.division, b.section, 'unknown'), section := coalesce(b.section, 'unknown'),
            b.above_threshold, b.has_open_query, amounts := [b.output_ytd_cny, b.revenue_ytd_cny, b.profit_ytd_cny, b.employees]
        ) as e,
    from staging.enterprise_quarter as b
),

enterprise as (
    select
        s.zone,
        s.period,
        max(s.e) filter (where s.is_now) as now,
        max(s.e) filter (where not s.is_now) as before,
    from side as s
    group by s.zone, s.period, s.e.uscc
),

compared as (
    select
        e.*,
        bool_or(e.now is not null) over (partition by e.zone, e.period)
        and bool_or(e.before is not null) over (partition by e.zone, e.period) as has_both,
    from enterprise as e
),

-- an enterprise in each cell that it is or was in: of the whole, of its section, of its division
celled as (
    select
        c.zone, c.period, c.now, c.before,
        unnest(list_distinct([
            struct_pack(level := 'total', industry := 'total'),
            struct_pack(level := 'section', industry := coalesce(c.now.section, c.before.section)),
            struct_pack(level := 'section', industry := coalesce(c.before.section, c.now.section)),
            struct_pack(level := 'division', industry := coalesce(c.now.division, c.before.division)),
            struct_pack(level := 'division', industry := coalesce(c.before.division, c.now.division))
        ])) as cell,
    from compared as c
    where c.has_both
),

placed as (
    select
        c.*,
        c.now is not null and c.cell.industry in ('total', c.now.section, c.now.division) as is_in_now,
        c.before is not null and c.cell.industry in ('total', c.before.section, c.before.division) as was_in_before,
    from celled as c
),

by_part as (
    select
        p.zone,
        p.period,
        p.cell.level as level, -- noqa: AL09
        p.cell.industry as industry, -- noqa: AL09
        case
            when p.before is null then 'entered'
            when p.now is null then 'left'
            when not (p.is_in_now and p.was_in_before) then 'moved'
            when p.now.above_threshold <> p.before.above_threshold then 'threshold'
            else 'same'
        end as part,
        coalesce(p.now.has_open_query, false) or coalesce(p.before.has_open_query, false) as has_open_query,
        unnest([
            struct_pack(
                variable := 'output_ytd_cny', now := if(p.is_in_now, p.now.amounts[1], 0),
                before := if(p.was_in_before, p.before.amounts[1], 0)
            ),
            struct_pack(
                variable := 'revenue_ytd_cny', now := if(p.is_in_now, p.now.amounts[2], 0),
                before := if(p.was_in_before, p.before.amounts[2], 0)
            ),
            struct_pack(
                variable := 'profit_ytd_cny', now := if(p.is_in_now, p.now.amounts[3], 0),
                before := if(p.was_in_before, p.before.amounts[3], 0)
            ),
            struct_pack(
                variable := 'employees', now := if(p.is_in_now, p.now.amounts[4], 0),
                before := if(p.was_in_before, p.before.amounts[4], 0)
            )
        ]) as v,
    from placed as p
),

summed as (
    select
        b.zone, b.period, b.level, b.industry,
        b.v.variable as variable, -- noqa: AL09
        sum(b.v.now) as value,
        sum(b.v.before) as base,
        sum(coalesce(b.v.now, 0) - coalesce(b.v.before, 0)) filter (where b.part = 'same') as same,
        sum(coalesce(b.v.now, 0) - coalesce(b.v.before, 0)) filter (where b.part = 'entered') as entered,
        sum(coalesce(b.v.now, 0) - coalesce(b.v.before, 0)) filter (where b.part = 'left') as gone,
        sum(coalesce(b.v.now, 0) - coalesce(b.v.before, 0)) filter (where b.part = 'moved') as moved,
        sum(coalesce(b.v.now, 0) - coalesce(b.v.before, 0)) filter (where b.part = 'threshold') as threshold,
        count(*) filter (where b.part = 'same') as enterprises_same,
        count(*) filter (where b.part = 'entered') as enterprises_entered,
        count(*) filter (where b.part = 'left') as enterprises_left,
        count(*) filter (where b.part = 'moved') as enterprises_moved,
        count(*) filter (where b.part = 'threshold') as enterprises_crossed,
        bool_or(b.has_open_query) as has_open_query,
    from by_part as b
    group by b.zone, b.period, b.level, b.industry, b.v.variable
)

select
    s.zone, s.period, s.level, s.industry, s.variable,
    s.value::decimal(28, 2) as value,
    s.base::decimal(28, 2) as value_year_earlier,
    growth_pct(s.value, s.base) as growth_pct,
    case when s.base > 0 then 100 * coalesce(s.same, 0)::double / s.base::double end as same_pp,
    case when s.base > 0 then 100 * coalesce(s.entered, 0)::double / s.base::double end as entered_pp,
    case when s.base > 0 then 100 * coalesce(s.gone, 0)::double / s.base::double end as left_pp,
    case when s.base > 0 then 100 * coalesce(s.moved, 0)::double / s.base::double end as moved_pp,
    case when s.base > 0 then 100 * coalesce(s.threshold, 0)::double / s.base::double end as threshold_pp,
    s.enterprises_same, s.enterprises_entered, s.enterprises_left, s.enterprises_moved, s.enterprises_crossed,
    why_no_growth(s.value, s.base) as growth_reason,
    s.has_open_query,
from summed as s;
