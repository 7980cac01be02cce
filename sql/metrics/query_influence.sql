-- One row is an open question, with how far growth, a share or a contribution could move with the figure that it asks about.
-- zh: 一行是一个待核实的问题：所问的数改正或剔除后，增速、比重、拉动最多会变多少（选择性编辑）
-- grain: submission, question
-- unit: _pp in percentage points; values in the base unit of column unit
-- reads: staging.open_question, staging.observation, staging.series_figure, staging.enterprise_quarter, ref.form_line
-- F31 of docs/methodology.md#influence. Mended: the figure as it would be at last year's proportion to the other parts, with the growth
-- of the quarter before (an enterprise: with the growth of the others). Dropped: the whole without it. influence_pp is the
-- largest of them, without sign. Order by influence_pp desc: who answers in that order answers first what can alter a printed digit.
create or replace view metrics.query_influence as
with part as (
    select
        s.zone, s.period, s.indicator, s.industry, s.basis, s.unit,
        s.value::double as value,
        s.growth_reported_pct::double as growth,
        implied_base(s.value, s.growth_reported_pct) as base,
        s.year_earlier.value::double as earlier,
        s.previous.growth_reported_pct::double as growth_before,
        -- what it is a part of; NULL for a figure that stands for itself
        case
            when s.industry is not null and l.within_industry is null then s.indicator
            when s.industry is null and s.sector <> 'total' then 'sectors'
        end as whole,
    from staging.series_figure as s
    left join ref.form_line as l on s.indicator = l.indicator and s.industry = l.industry
    where s.basis = 'ytd' and s.flow_type = 'flow'
),

of_whole as (
    select
        p.*,
        (sum(addend(p.value)) over parts)::double - p.value as rest,
        (sum(addend(p.base)) over parts)::double - p.base as rest_base,
        (sum(addend(p.earlier)) over parts)::double - p.earlier as rest_earlier,
    from part as p
    window parts as (partition by p.zone, p.period, p.whole)
),

expected as (
    select
        o.*,
        if(
            o.earlier > 0 and o.rest_earlier > 0 and o.whole is not null, o.rest * o.earlier / o.rest_earlier, o.value
        ) as value_expected,
        coalesce(
            o.growth_before, if(o.whole is null, null, 100 * (o.rest / nullif(o.rest_base, 0) - 1)), o.growth
        ) as growth_expected,
    from of_whole as o
),

-- of each question about a form of indicators, the figures that it asks about
of_indicator as (
    select
        q.zone, q.period, q.submission, q.question,
        o.title_zh as item_zh,
        o.title_en as item_en,
        concat(e.indicator, e.industry) as variable,
        e.unit,
        e.whole is not null as is_part,
        o.sector = 'total' and o.industry is null as is_total,
        e.value, e.base, e.growth, e.value_expected, e.growth_expected,
        implied_base(e.value_expected, e.growth_expected) as base_expected,
        e.rest,
        e.rest_base,
    from staging.open_question as q
    inner join staging.observation as o
        on q.submission = o.submission and q.zone = o.zone and q.period = o.period
    inner join expected as e
        on
            o.zone = e.zone
            and o.period = e.period
            and same_series(o.indicator, o.industry, o.basis, e.indicator, e.industry, e.basis)
    where q.query_scope = 'submission' or list_contains(q.rows_asked, o.source_row)
),

register as (
    select
        e.zone,
        e.period,
        sum(e.output_ytd_cny) as output_total,
        sum(e.output_ytd_year_earlier_cny) as output_base,
        sum(e.revenue_ytd_cny) as revenue_total,
        sum(e.revenue_ytd_year_earlier_cny) as revenue_base,
    from staging.enterprise_quarter as e
    group by e.zone, e.period
),

-- only of those that are asked about: a register has a million others
enterprise as (
    select
        q.zone, q.period, q.submission, q.question, e.enterprise,
        unnest([
            struct_pack(
                value := e.output_ytd_cny, base := e.output_ytd_year_earlier_cny, variable := 'output',
                total := r.output_total, total_base := r.output_base
            ),
            struct_pack(
                value := e.revenue_ytd_cny, base := e.revenue_ytd_year_earlier_cny, variable := 'revenue',
                total := r.revenue_total, total_base := r.revenue_base
            )
        ]) as v,
    from staging.open_question as q
    inner join staging.enterprise_quarter as e
        on q.submission = e.submission and q.zone = e.zone and q.period = e.period and q.row = e.source_row
    inner join register as r on e.zone = r.zone and e.period = r.period
),

in_register as (
    select
        e.*,
        e.v.total::double - e.v.value::double as rest,
        e.v.total_base::double - e.v.base::double as rest_base,
    from enterprise as e
),

of_enterprise as (
    select
        r.zone, r.period, r.submission, r.question,
        r.enterprise as item_zh,
        r.enterprise as item_en,
        r.v.variable,
        '元' as unit,
        true as is_part,
        false as is_total,
        r.v.value::double as value,
        r.v.base::double as base,
        100 * (r.v.value::double / nullif(r.v.base, 0)::double - 1) as growth,
        r.v.base::double * r.rest / nullif(r.rest_base, 0) as value_expected,
        100 * (r.rest / nullif(r.rest_base, 0) - 1) as growth_expected,
        r.v.base::double as base_expected,
        r.rest,
        r.rest_base,
    from in_register as r
),

asked as (
    select i.*,
    from of_indicator as i
    union all by name
    select e.*,
    from of_enterprise as e
),

moved as (
    select
        a.*,
        if(
            a.is_part,
            100 * (
                (a.rest + a.value) / nullif(a.rest_base + a.base, 0)
                - (a.rest + a.value_expected) / nullif(a.rest_base + a.base_expected, 0)
            ),
            if(a.is_total, a.growth - a.growth_expected, null)
        ) as growth_mended,
        if(a.is_part, 100 * ((a.rest + a.value) / nullif(a.rest_base + a.base, 0) - a.rest / nullif(a.rest_base, 0)), null)
            as growth_dropped,
        if(
            a.is_part,
            100 * (a.value / nullif(a.rest + a.value, 0) - a.value_expected / nullif(a.rest + a.value_expected, 0)), null
        ) as share_mended,
        if(
            a.is_part,
            100 * (
                (a.value - a.base) / nullif(a.rest_base + a.base, 0)
                - (a.value_expected - a.base_expected) / nullif(a.rest_base + a.base_expected, 0)
            ), null
        ) as contribution_mended,
        a.growth - a.growth_expected as own_growth_mended,
    from asked as a
),

-- a question about a whole submission counts by the figure that could move most
most as (
    select
        m.*,
        -- of what is neither part nor total of output, its own growth is all that can move
        greatest(
            abs(m.growth_mended), abs(m.growth_dropped), abs(m.share_mended), abs(m.contribution_mended),
            if(m.is_part or m.is_total, null, abs(m.own_growth_mended))
        ) as influence,
    from moved as m
    qualify row_number() over (
        partition by m.zone, m.period, m.submission, m.question
        order by influence desc nulls last, m.item_en asc, m.variable asc
    ) = 1
)

select
    q.zone, q.period, q.form, q.submission, q.question, q.path, q.code, q.sheet, q.row, q."column", q.cell, m.item_zh,
    m.item_en, m.unit, m.value,
    m.value_expected as expected_value,
    m.growth as growth_pct,
    m.growth_expected as expected_growth_pct,
    m.influence as influence_pp,
    m.growth_mended as growth_mended_pp,
    m.growth_dropped as growth_dropped_pp,
    m.share_mended as share_mended_pp,
    m.contribution_mended as contribution_mended_pp,
    m.own_growth_mended as own_growth_mended_pp,
    q.message_zh,
    q.message_en,
    case
        when m.submission is null then 'no figure of the year to date is asked about'
        when m.influence is null then 'nothing to compare with'
    end as influence_reason,
from staging.open_question as q
left join most as m
    on q.zone = m.zone and q.period = m.period and q.submission = m.submission and q.question = m.question;
