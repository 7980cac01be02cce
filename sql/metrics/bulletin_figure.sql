-- One row is a figure as the bulletin states it: its place in the text, its number as written, how it has grown and at what pace.
-- zh: 一行是公报文字中的一个数：所在的段落、写法、增长与快慢
-- grain: zone, period, bulletin_line, industry, basis
-- unit: numbers as text, in the unit beside them; growth in per cent, changes of rates and of pace in percentage points, of a price index in per cent
-- reads: metrics.indicator_growth, metrics.sector_growth, metrics.project_pipeline, staging.observation, staging.gdp_totals, staging.current_submission, ref.indicator, ref.unit, ref.industry, ref.bulletin_line, ref.bulletin_section, ref.bulletin_unit
-- Numbers are without a sign: rise and fall are words, which flows/publish has for both languages. Chinese quotes a figure in its
-- declared unit, English in yuan, millions and billions, with the decimals that were printed.
create or replace view metrics.bulletin_figure as
with quoted as (
    select
        g.zone,
        g.period,
        g.indicator || if(g.industry is null, '', '.industry') as bulletin_line,
        g.industry,
        g.basis,
        coalesce(n.title_zh || '增加值', g.title_zh) as title_zh,
        n.title_zh as industry_zh,
        n.section as industry_section,
        lower(left(n.title_en, 1)) || substr(n.title_en, 2) as industry_en,
        coalesce('Value added of ' || industry_en, g.title_en) as title_en,
        g.value, g.qualifier, i.quoted_unit, g.unit,
        u.factor as unit_factor,
        if(g.unit_reported = i.quoted_unit, g.decimals_reported, i.quoted_decimals) as decimals,
        g.growth_reported_pct as growth_pct,
        o.growth_decimals, o.growth_qualifier,
        -- what is no amount of money has no prices
        if(u.dimension = 'currency' or g.price_basis = 'constant_price', g.price_basis, null) as price_basis,
        if(g.growth_reported_pct is null, g.growth_flag, null) as growth_flag,
        case
            when g.basis = 'plan' and g.growth_reported_pct is not null then 'plan'
            when g.growth_reported_pct is not null then 'reported'
            -- an index of prices with a year earlier as 100 is itself what has changed since then
            when l.index_base is not null and g.value is not null then 'index'
            when i.flow_type = 'rate' and g.value_year_earlier is not null then 'points'
            when g.growth_nominal_pct is not null then 'levels'
            when g.growth_nominal_reason in ('base zero', 'sign change', '0/0', 'base negative') then g.growth_nominal_reason
            -- of a form that was not sent nothing is new
            when g.growth_nominal_reason = 'no base' and b.submission is not null then 'no base'
        end as growth_source,
        case growth_source
            when 'index' then (100 * g.value / l.index_base::decimal(28, 6) - 100)::double
            when 'points' then (g.value - g.value_year_earlier)::double
            when 'levels' then g.growth_nominal_pct
            else g.growth_reported_pct::double
        end as growth,
        case
            when g.value is null and g.growth_reported_pct is null then 'missing'
            when g.value is null then 'growth only'
            else 'figure'
        end as statement,
        -- not in the join: no filter on a zone would pass it
        if(g.basis <> 'ytd' or p.has_open_query, null, p.growth_reported_pct) as growth_before_pct,
        if(g.basis = 'ytd', p.growth_decimals, null) as growth_before_decimals,
        g.figure_has_open_query,
        case
            when growth_source in ('reported', 'plan', 'index') then g.figure_has_open_query else g.has_open_query
        end as growth_has_open_query,
    from metrics.indicator_growth as g
    inner join ref.indicator as i on g.indicator = i.indicator
    inner join ref.unit as u on i.quoted_unit = u.unit
    inner join staging.observation as o
        on
            g.zone = o.zone
            and g.period = o.period
            and same_series(g.indicator, g.industry, g.basis, o.indicator, o.industry, o.basis)
    left join ref.industry as n on g.industry = n.code
    left join ref.bulletin_line as l on g.indicator = l.bulletin_line and g.industry is null
    left join staging.current_submission as b
        on g.zone = b.zone and g.form = b.form and b.period = period_year_earlier(g.period)
    left join staging.observation as p
        on
            g.zone = p.zone
            and same_series(g.indicator, g.industry, g.basis, p.indicator, p.industry, p.basis)
            and p.period = period_previous(g.period)
),

of_sector as (
    select
        s.zone, s.period, s.sector,
        unnest(['share', 'pull', 'quarter']) as part,
        s.title_zh, s.title_en, s.value_quarter_cny, s.share_pct, s.contribution_pp, s.contribution_reason,
        case part when 'quarter' then s.quarter_has_open_query else s.contribution_has_open_query end as asked,
        -- what is compared with a year earlier is not said here
        if(part = 'quarter' and s.quarter_flag not like '%a year earlier', s.quarter_flag, null) as figure_flag,
        bool_or(s.sector <> 'total' and (s.value_ytd_cny is not null or s.growth_ytd_real_pct is not null)) over (
            partition by s.zone, s.period
        ) as has_sectors,
    from metrics.sector_growth as s
),

-- each stage, and all of them; no grouping sets, which a filter on a zone does not pass
project as (
    select
        p.zone, p.period, p.projects, p.has_open_query,
        unnest(['stage.all', 'stage.' || p.stage]) as bulletin_line,
    from metrics.project_pipeline as p
),

derived as (
    select
        s.zone,
        s.period,
        case
            when s.part = 'pull' and s.sector = 'total' then 'pull.none'
            when s.part = 'pull' and round(s.contribution_pp, 1) < 0 then 'drag.' || s.sector
            else s.part || '.' || s.sector
        end as bulletin_line,
        s.title_zh,
        s.title_en,
        case s.part
            when 'quarter' then s.value_quarter_cny
            when 'share' then s.share_pct::decimal(28, 6)
            when 'pull' then abs(s.contribution_pp)::decimal(28, 6)
        end as value,
        case s.part when 'quarter' then '亿元' when 'share' then '%' else '百分点' end as quoted_unit,
        case s.part when 'quarter' then '元' when 'share' then '%' else '百分点' end as unit,
        case s.part when 'quarter' then 100000000 else 1 end as unit_factor,
        -- a difference has as many decimals as its terms
        case s.part
            when 'quarter' then length(split_part(plain((s.value_quarter_cny / 100000000)::decimal(28, 6)), '.', 2))
            else 1
        end as decimals,
        if(s.sector = 'total' and s.part = 'pull', 'note', 'figure') as statement,
        s.figure_flag,
        s.asked as figure_has_open_query,
    from of_sector as s
    where
        case
            when s.part = 'pull' and s.sector = 'total'
                then s.contribution_reason = 'a sector or its growth is missing' and s.has_sectors
            -- the first quarter alone is the year to date
            when s.part = 'quarter'
                then s.sector = 'total' and right(s.period, 1) > '1' and s.value_quarter_cny is not null
            when s.part = 'share' then s.sector <> 'total' and s.share_pct is not null
            else s.contribution_pp is not null
        end
    union all by name
    select
        y.zone, y.period, y.bulletin_line,
        sum(y.projects)::decimal(28, 6) as value,
        '个' as quoted_unit,
        '个' as unit,
        1 as unit_factor,
        0 as decimals,
        'figure' as statement,
        bool_or(y.has_open_query) as figure_has_open_query,
    from project as y
    group by y.zone, y.period, y.bulletin_line
    union all by name
    select
        t.zone,
        t.period,
        'totals.differ' as bulletin_line,
        'note' as statement,
    from staging.gdp_totals as t
    where t.totals_differ
),

every_line as (
    select q.*,
    from quoted as q
    union all by name
    select d.*,
    from derived as d
),

worded as (
    select
        e.*,
        n.bulletin_section,
        n.ord as section_ord,
        n.title_zh as section_title_zh,
        n.title_en as section_title_en,
        coalesce(l.sentence, e.bulletin_line) as sentence,
        coalesce(l.standing, 'opens') as standing,
        l.ord,
        coalesce(l.phrase_zh, '{title}{value}') as phrase_zh,
        coalesce(l.phrase_en, '{title}: {value}') as phrase_en,
        fixed(abs(e.value) / e.unit_factor, e.decimals) as number_zh,
        regexp_replace(
            grouped(
                abs(e.value) / coalesce(b.factor, 1),
                ceil(round(e.decimals + log10(coalesce(b.factor, 1)) - log10(e.unit_factor), 6))::integer
            ),
            -- about 258,500.0 billion would be more exact than it is
            if(coalesce(e.qualifier, 'exact') = 'exact', '^$', '\.0+$'),
            ''
        ) as number_en,
        coalesce(b.title_en, '') as unit_en,
        coalesce(e.growth_decimals, 1) as growth_places,
        fixed(abs(e.growth), if(e.growth_source in ('points', 'index'), e.decimals, growth_places)) as growth_digits,
    from every_line as e
    left join ref.bulletin_line as l on e.bulletin_line = l.bulletin_line
    inner join ref.bulletin_section as n on coalesce(l.bulletin_section, 'other') = n.bulletin_section
    left join ref.bulletin_unit as b
        on b.unit in (e.quoted_unit, e.unit) and abs(e.value) >= b.min_value::decimal(28, 6)
    -- a figure of a form that has no sentence of its own is stated by its title
    where coalesce(l.bulletin_line, e.title_zh) is not null
    qualify row_number() over (
        partition by e.zone, e.period, e.bulletin_line, e.industry, e.basis
        order by b.unit = e.quoted_unit and b.unit <> e.unit desc nulls last, b.min_value::decimal(28, 6) desc nulls last
    ) = 1
)

select
    w.zone, w.period, w.bulletin_section, w.section_ord, w.section_title_zh, w.section_title_en, w.sentence, w.ord,
    w.bulletin_line, w.industry, w.basis, w.title_zh, w.title_en, w.industry_zh, w.industry_en,
    w.statement,
    -- a clause that leans on one before it cannot stand where that one was not sent
    w.standing = 'alone' or bool_or(w.standing = 'opens' and w.statement in ('figure', 'note')) over (
        partition by w.zone, w.period, w.bulletin_section, w.sentence
    ) as phrase_stands,
    is_part_of_one(
        w.industry, w.industry_section, list(w.industry) over (partition by w.zone, w.period, w.bulletin_line)
    ) as is_part,
    w.phrase_zh,
    -- [one|many]: the verb and the plural follow the number
    regexp_replace(
        w.phrase_en,
        '\[([^|\]]*)\|([^\]]*)\]',
        if(w.number_en = '1' and w.qualifier is distinct from 'over', '\1', '\2'),
        'g'
    ) as phrase_en,
    w.value,
    if(w.value < 0, '-', '') || w.number_zh as number_zh,
    if(w.quoted_unit = '百分点', '个百分点', w.quoted_unit) as unit_zh,
    if(w.value < 0, '-', '') || w.number_en as number_en,
    w.unit_en, w.qualifier, w.growth_pct,
    case
        when w.growth_source not in ('reported', 'plan', 'points', 'index', 'levels') then w.growth_source
        when w.growth_source = 'reported' and w.growth > 0 then 'rise'
        when w.growth_source = 'reported' and w.growth < 0 then 'fall'
        when w.growth_source = 'reported' then 'flat'
        -- as it is printed
        when w.growth_digits::double = 0 then w.growth_source || ' flat'
        when w.growth > 0 then w.growth_source || ' rise'
        when w.growth < 0 then w.growth_source || ' fall'
    end as growth_kind,
    w.growth_digits as growth_number,
    w.growth_qualifier, w.price_basis, w.growth_flag, w.figure_flag,
    case
        when w.growth_source <> 'reported' or w.growth_before_pct is null then null
        when w.growth_pct = w.growth_before_pct then 'same'
        when w.growth_pct > 0 and w.growth_before_pct < 0 then 'turned to rise'
        when w.growth_pct < 0 and w.growth_before_pct > 0 then 'turned to fall'
        when w.growth_pct = 0 then if(w.growth_before_pct < 0, 'fall before', 'rise before')
        when w.growth_before_pct = 0 then 'flat before'
        when w.growth_pct >= 0 and w.growth_before_pct >= 0
            then if(w.growth_pct > w.growth_before_pct, 'faster', 'slower')
        when w.growth_pct < 0 and w.growth_before_pct < 0
            then if(w.growth_pct > w.growth_before_pct, 'narrower', 'wider')
    end as pace_kind,
    case
        when pace_kind in ('turned to rise', 'turned to fall', 'fall before', 'rise before')
            then fixed(abs(w.growth_before_pct), coalesce(w.growth_before_decimals, 1))
        else
            fixed(
                abs(w.growth_pct - w.growth_before_pct), greatest(w.growth_places, coalesce(w.growth_before_decimals, 1))
            )
    end as pace_number,
    coalesce(w.figure_has_open_query, false) as figure_has_open_query,
    coalesce(w.growth_has_open_query, false) as growth_has_open_query,
from worded as w
order by w.zone, w.period, w.section_ord, w.ord, w.bulletin_line, w.industry;
