-- One row is an industry in an indicator of a zone and quarter: share in the total, growth, contribution.
-- zh: 一行是一个地区一个季度一个指标中的一个行业：占合计的比重、增速、拉动和贡献率
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit, _pct in per cent, _pp in percentage points
-- reads: staging.observation, staging.gdp_totals, ref.industry, ref.form_line
-- F6, F8, F9. The total is the row without an industry, of the same submission. Parts add up at one level of the classification,
-- sections and aggregates of sections being one; a line inside another (within_industry, 其中) adds to nothing. Where
-- the parts make up the total they are what contributions are measured in; where they do not, the total as reported is.
create or replace view metrics.industry_structure as
with part as (
    select
        o.* replace (c.title_zh as title_zh, c.title_en as title_en),
        c.level,
        l.within_industry,
        l.within_industry is null as is_addend,
        if(c.level = 'aggregate', 'section', c.level) as breakdown,
        implied_base(o.value, o.growth_reported_pct) as base,
    from staging.observation as o
    inner join ref.industry as c on o.industry = c.code
    left join ref.form_line as l on o.indicator = l.indicator and o.industry = l.industry
    where o.flow_type <> 'rate' and o.basis <> 'plan'
),

whole as (
    select
        o.*,
        implied_base(o.value, o.growth_reported_pct) as base,
    from staging.observation as o
    where o.industry is null and o.flow_type <> 'rate' and o.basis <> 'plan'
),

compared as (
    select
        p.*,
        w.value as total_value,
        w.growth_reported_pct as total_growth_pct,
        w.base as total_base,
        bool_or(p.has_open_query) over parts or coalesce(w.has_open_query, false) as whole_has_open_query,
        percent_of(p.value, w.value) as share_of_total_pct,
        sum(p.value) filter (where p.is_addend) over parts as parts_value,
        (sum(addend(p.base)) filter (where p.is_addend) over parts)::double as parts_base,
        -- F10, to the bound at which a form is sent back
        count(*) filter (where p.is_addend) over parts = count(addend(p.base)) filter (where p.is_addend) over parts
        and abs(w.value - sum(p.value) filter (where p.is_addend) over parts)
        <= 3 * (w.rounding + sum(p.rounding) filter (where p.is_addend) over parts) / 2 as is_made_up,
    from part as p
    left join whole as w
        on p.zone = w.zone and p.period = w.period and p.indicator = w.indicator and p.basis = w.basis
    window parts as (partition by p.zone, p.period, p.indicator, p.basis, p.breakdown)
),

dated as (
    select
        c.*,
        if(c.is_made_up, c.parts_base, c.total_base) as base_of_whole,
        if(c.is_made_up, c.parts_value::double - c.parts_base, c.total_value::double - c.total_base) as increment_of_whole,
        first_value(c.share_of_total_pct) over (
            partition by c.zone, c.indicator, c.industry, c.basis order by period_number(c.period)
            range between 4 preceding and 4 preceding
        ) as share_of_total_year_earlier_pct,
        first_value(c.has_open_query or c.whole_has_open_query) over (
            partition by c.zone, c.indicator, c.industry, c.basis order by period_number(c.period)
            range between 4 preceding and 4 preceding
        ) as year_earlier_has_open_query,
    from compared as c
),

contributed as (
    select
        d.*,
        100 * d.increment_of_whole / nullif(d.base_of_whole, 0) as growth_of_whole,
    from dated as d
)

select
    d.zone, d.period, d.indicator, d.industry, d.basis, d.level, d.title_zh, d.title_en, d.within_industry, d.unit,
    d.value, d.price_basis, d.growth_reported_pct, d.total_value, d.total_growth_pct, d.share_of_total_pct,
    d.share_of_total_pct - d.share_of_total_year_earlier_pct as share_change_pp,
    percent_of(d.parts_value, d.total_value) as coverage_pct,
    100 * d.base / nullif(d.base_of_whole, 0) as base_share_pct,
    100 * (d.value::double - d.base) / nullif(d.base_of_whole, 0) as contribution_pp,
    case
        when abs(d.growth_of_whole) > 1e-9 then 100 * (d.value::double - d.base) / d.increment_of_whole
    end as contribution_rate_pct,
    if(d.is_made_up, d.growth_of_whole, null) as total_growth_implied_pct,
    if(d.is_made_up, d.total_growth_pct::double - d.growth_of_whole, null) as contribution_residual_pp,
    case
        when d.base is null or d.growth_of_whole is null then null
        when d.is_made_up and d.price_basis = 'constant_price' then 'approximate: current-price weights'
        when d.is_made_up then 'from the growth reported'
        when d.price_basis = 'constant_price' then 'approximate: current-price weights, in the total as reported'
        else 'from the growth reported, in the total as reported'
    end as contribution_method,
    case
        when d.total_value is null then 'no total'
        when d.value is null then 'growth only'
        when d.total_value = 0 then 'base zero'
    end as share_reason,
    case
        when d.share_of_total_pct is null then 'no share'
        when d.share_of_total_year_earlier_pct is null then 'no share a year earlier'
    end as share_change_reason,
    case
        when d.total_value is null then 'no total'
        when d.base is null or d.base_of_whole is null then 'a level or its growth is missing'
        when d.base_of_whole = 0 then 'base zero'
        when abs(d.growth_of_whole) <= 1e-9 then 'total growth is zero: points only, no rate'
    end as contribution_reason,
    if(
        t.totals_differ and d.indicator = 'value_added' and d.basis = 'ytd',
        'two totals: by industry it is another number', null
    ) as totals_flag,
    d.whole_has_open_query or coalesce(d.year_earlier_has_open_query, false) as has_open_query,
from contributed as d
left join staging.gdp_totals as t on d.zone = t.zone and d.period = t.period;
