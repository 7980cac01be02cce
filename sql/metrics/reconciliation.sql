-- One row is an identity that figures of a zone and quarter must satisfy, with both sides.
-- zh: 一行是一条应当成立的关系：两边的数、差、容差、是否成立
-- grain: zone, period, identity
-- unit: column unit; tolerance in the same
-- reads: staging.observation, staging.cultivation_pool, staging.local_title, metrics.sector_growth, ref.form_line, ref.indicator, ref.tolerance
-- holds is NULL where a side is missing: unchecked is not a pass (F5, F6, F10, R3 to R5). Beyond tolerance_hard a
-- difference is an error and not a question; NULL there means that it is always a question.
create or replace view metrics.reconciliation as
with sector_sum as (
    select
        o.zone,
        o.period,
        max(o.title_zh) filter (where o.sector = 'total') as total_zh,
        max(o.value) filter (where o.sector = 'total') as total,
        all_three(
            count(o.value) filter (where o.sector <> 'total'), sum(o.value) filter (where o.sector <> 'total')
        ) as parts,
        -- F10: half a printed digit for the total and for each part
        sum(o.rounding) / 2 as tolerance,
        max(o.growth_reported_pct) filter (where o.sector = 'total') as growth,
        min(o.growth_reported_pct) filter (where o.sector <> 'total') as growth_lowest,
        max(o.growth_reported_pct) filter (where o.sector <> 'total') as growth_highest,
        count(o.growth_reported_pct) as growths,
        bool_or(o.has_open_query) as has_open_query,
    from staging.observation as o
    where o.sector is not null and o.basis = 'ytd' and o.industry is null
    group by o.zone, o.period
),

-- of a form whose lines are the industries of one indicator: the industries that add up, and how many there are
addend as (
    select
        f.form,
        f.indicator,
        count(f.industry) as lines,
        -- the total has no industry
        list(coalesce(f.industry, '')) as industries,
    from ref.form_line as f
    -- a line within another is no addend
    where f.within_industry is null
    group by f.form, f.indicator
    having count(f.industry) > 1 and count(*) > count(f.industry)
),

industry_sum as (
    select
        o.zone, o.period, o.form, o.indicator, o.unit,
        any_value(o.title_zh) as title_zh,
        any_value(o.title_en) as title_en,
        max(o.value) filter (where o.industry is null) as total,
        -- where a line is not there, there is nothing to compare
        case
            when count(o.value) filter (where o.industry is not null) = a.lines
                then sum(o.value) filter (where o.industry is not null)
        end as parts,
        sum(o.rounding) / 2 as tolerance,
        bool_or(o.has_open_query) as has_open_query,
    from staging.observation as o
    inner join addend as a
        on o.form = a.form and o.indicator = a.indicator and list_contains(a.industries, coalesce(o.industry, ''))
    where o.basis = 'ytd'
    group by o.zone, o.period, o.form, o.indicator, o.unit, a.lines
),

cultivation_stated as (
    select
        o.zone, o.period, i.tier, o.title_zh, o.title_en,
        o.value as stated,
        -- who has left may stay on the list, and is not counted
        count(distinct p.enterprise) filter (where p.status is distinct from 'exited') as named,
        bool_or(p.enterprise is not null) as has_list,
        bool_or(o.has_open_query) as has_open_query,
    from staging.observation as o
    inner join (
        values
        ('threshold_crossing_planned', 'above_threshold_plan'),
        ('threshold_pool_enterprises', 'threshold_pool'),
        ('innovative_smes_approved', 'innovative_sme'),
        ('specialised_smes_approved', 'specialised_sme')
    ) as i (indicator, tier) on o.indicator = i.indicator
    left join staging.cultivation_pool as p on o.zone = p.zone and o.period = p.period and i.tier = p.tier
    group by o.zone, o.period, i.tier, o.title_zh, o.title_en, o.value
),

-- F5: the level a year earlier that a nominal growth rate implies, within the printed digits
level_and_growth as (
    select
        o.zone, o.period, o.indicator, o.industry, o.unit,
        b.value as stored,
        implied_base(o.value, o.growth_reported_pct) as implied,
        implied_base(o.value, o.growth_reported_pct)
        * (o.rounding::double / 2 / o.value::double + power(10, -o.growth_decimals) / 2 / (100 + o.growth_reported_pct::double))
        + b.rounding::double / 2 as tolerance,
        o.has_open_query or b.has_open_query as has_open_query,
    from staging.observation as o
    inner join staging.observation as b
        on
            o.zone = b.zone
            and same_series(o.indicator, o.industry, o.basis, b.indicator, b.industry, b.basis)
            and b.period = period_year_earlier(o.period)
    -- the plan of a year grows from the outcome of the year before, not from its plan
    where o.price_basis = 'nominal' and o.basis <> 'plan' and o.value > 0 and o.growth_reported_pct > -100
),

-- both identities of the sectors from one reading of them
sector_identity as (
    select
        s.zone, s.period, s.has_open_query,
        unnest([
            struct_pack(
                identity := 'sector_sum',
                title_zh := '三次产业增加值之和 = ' || coalesce(s.total_zh, '合计'),
                title_en := 'the three sectors add up to GDP',
                left_value := s.total::double,
                right_value := s.parts::double,
                difference := (s.total - s.parts)::double,
                tolerance := s.tolerance::double,
                tolerance_hard := 3 * s.tolerance::double,
                unit := '元'
            ),
            struct_pack(
                identity := 'growth_bracket',
                title_zh := '总量增速在三次产业增速之间',
                title_en := 'growth of GDP lies between the sectors'' smallest and largest',
                left_value := s.growth::double,
                right_value := s.growth_within::double,
                difference := (s.growth - s.growth_within)::double,
                tolerance := t.tolerance,
                tolerance_hard := t.tolerance_hard,
                unit := '%'
            )
        ]) as i,
    from (
        select
            b.*,
            if(b.growths = 4, least(greatest(b.growth, b.growth_lowest), b.growth_highest), null) as growth_within,
        from sector_sum as b
    ) as s
    inner join ref.tolerance as t on t.identity = 'growth_bracket'
),

identity as (
    select
        s.zone,
        s.period,
        s.i.identity,
        s.i.title_zh,
        s.i.title_en,
        s.i.left_value,
        s.i.right_value,
        s.i.difference,
        s.i.tolerance,
        s.i.tolerance_hard,
        s.i.unit,
        s.has_open_query,
    from sector_identity as s
    union all by name
    select
        g.zone,
        g.period,
        'growth_weighted' as identity,
        '总量增速 ≈ 三次产业加权增速（现价权重近似）' as title_zh,
        'growth of GDP is near the sector-weighted growth (current-price weights)' as title_en,
        g.growth_ytd_real_pct as left_value,
        g.contribution_pp as right_value,
        g.contribution_residual_pp as difference,
        t.tolerance,
        t.tolerance_hard,
        '%' as unit,
        g.contribution_has_open_query as has_open_query,
    from metrics.sector_growth as g
    inner join ref.tolerance as t on t.identity = 'growth_weighted'
    where g.sector = 'total'
    union all by name
    select
        s.zone,
        s.period,
        'industry_sum_' || s.form as identity,
        '各行业之和 = ' || s.title_zh as title_zh,
        'the industries add up: ' || s.title_en as title_en,
        s.total::double as left_value,
        s.parts::double as right_value,
        (s.total - s.parts)::double as difference,
        s.tolerance::double as tolerance,
        3 * s.tolerance::double as tolerance_hard,
        s.unit,
        s.has_open_query,
    from industry_sum as s
    union all by name
    select
        c.zone,
        c.period,
        'cultivation_list_' || c.tier as identity,
        c.title_zh || ' = 名录中的企业数' as title_zh,
        c.title_en || ': as many as the list names' as title_en,
        c.stated::double as left_value,
        if(c.has_list, c.named, null)::double as right_value,
        left_value - right_value as difference,
        0 as tolerance,
        0 as tolerance_hard,
        '家' as unit,
        c.has_open_query,
    from cultivation_stated as c
    union all by name
    select
        l.zone,
        l.period,
        concat_ws('_', 'level_and_growth', l.indicator, l.industry) as identity,
        concat_ws(' ', coalesce(t.title_zh, i.title_zh), l.industry) || '：由增速推算的上年同期数 = 上年同期报送数' as title_zh,
        concat_ws(' ', coalesce(t.title_en, i.title_en), l.industry)
        || ': the level a year earlier that the growth implies = the level reported then' as title_en,
        l.implied as left_value,
        l.stored::double as right_value,
        left_value - right_value as difference,
        l.tolerance,
        null as tolerance_hard,
        l.unit,
        l.has_open_query,
    from level_and_growth as l
    inner join ref.indicator as i on l.indicator = i.indicator
    left join staging.local_title as t on l.zone = t.zone and l.indicator = t.indicator
    -- growth over the same enterprises or a revised base does not follow from printed levels (R2)
    where not coalesce(is_unlike(i.growth_comparison), false)
)

select
    i.zone, i.period, i.identity, i.title_zh, i.title_en, i.left_value, i.right_value, i.difference, i.tolerance,
    i.tolerance_hard, i.unit,
    -- a hair's breadth for binary fractions, far below any printed digit
    abs(i.difference) <= i.tolerance + 1e-9 as holds,
    abs(i.difference) > i.tolerance_hard + 1e-9 as is_hard,
    case when i.difference is null then 'unchecked: a side is missing' end as reason,
    i.has_open_query,
from identity as i;
