-- One row is a variable of an industry's enterprises beside a year earlier: all of them, and the same ones (同口径).
-- zh: 一行是一个行业企业的一个变量与上年同期之比：全部企业，以及两期都在的企业（同口径）
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons; _pct in per cent
-- reads: staging.enterprise_cell, staging.enterprise_matched
-- growth_as_reported_pct compares what the enterprises of this register themselves give for both years (R2). Contributions
-- are to growth_pct of the level total, exact and nominal (F8, F9 on the sums themselves). A cell that had no enterprise a
-- year earlier comes from 0; one that has none any more has no row, and what it took away is missing from the sum of a level.
create or replace view metrics.enterprise_growth as
with cell as (
    select
        c.*,
        cell_key(c.level, c.industry, c.sector) as cell,
        max(c.value) filter (where c.level = 'total') over (partition by c.zone, c.period, c.variable) as whole,
        bool_or(c.has_open_query) filter (where c.level = 'total') over (partition by c.zone, c.period, c.variable)
            as whole_has_open_query,
    from staging.enterprise_cell as c
    where
        c.is_current
        and c.variable in ('output_ytd_cny', 'revenue_ytd_cny', 'profit_ytd_cny', 'tax_ytd_cny', 'rnd_ytd_cny', 'employees')
),

matched as (
    select
        m.*,
        cell_key(m.level, m.industry, m.sector) as cell,
    from staging.enterprise_matched as m
),

register as (
    select
        c.zone, c.period, c.variable, c.whole, c.whole_has_open_query,
    from cell as c
    where c.level = 'total'
),

compared as (
    select
        c.*,
        y.value as value_year_earlier,
        y.contributors as contributors_year_earlier,
        r.zone is not null as is_comparable,
        r.whole as whole_year_earlier,
        c.has_open_query or coalesce(y.has_open_query, false) as either_has_open_query,
        c.whole_has_open_query or coalesce(r.whole_has_open_query, false) as contribution_has_open_query,
        c.value - if(y.zone is null, 0, y.value) as increment,
        case
            when r.zone is null then 'no register a year earlier'
            when c.value is null then 'not reported'
            when y.zone is not null and y.value is null then 'no base'
            else 'total: ' || why_no_growth(c.whole, r.whole)
        end as increment_reason,
    from cell as c
    left join register as r
        on c.zone = r.zone and c.variable = r.variable and r.period = period_year_earlier(c.period)
    left join cell as y
        on
            c.zone = y.zone
            and c.cell = y.cell
            and c.variable = y.variable
            and y.period = period_year_earlier(c.period)
)

select
    c.zone, c.period, c.level, c.industry, c.sector, c.variable,
    c.value::decimal(28, 2) as value,
    c.value_year_earlier::decimal(28, 2) as value_year_earlier,
    growth_pct(c.value, c.value_year_earlier) as growth_pct,
    m.value::decimal(28, 2) as value_like_for_like,
    m.base::decimal(28, 2) as base_like_for_like,
    growth_pct(m.value, m.base) as growth_like_for_like_pct,
    growth_pct(c.paired_value, c.paired_year_earlier) as growth_as_reported_pct,
    case when c.whole > 0 then 100 * c.value::double / c.whole::double end as share_of_total_pct,
    case
        when c.increment_reason is null then percent_of(c.increment, c.whole_year_earlier)
    end as contribution_pp,
    case
        when c.increment_reason is null then percent_of(c.increment, c.whole - c.whole_year_earlier)
    end as contribution_rate_pct,
    case when c.increment_reason is null then 'exact: nominal' end as contribution_method,
    c.contributors as enterprises,
    c.contributors_year_earlier as enterprises_year_earlier,
    coalesce(m.contributors, 0) as enterprises_in_both,
    coalesce(m.enterprises_moved, 0) as enterprises_moved,
    m.moved as like_for_like_note,
    if(c.is_comparable, why_no_growth(c.value, c.value_year_earlier), 'no register a year earlier') as growth_reason,
    if(c.is_comparable, why_no_growth(m.value, m.base), 'no register a year earlier') as growth_like_for_like_reason,
    why_no_growth(c.paired_value, c.paired_year_earlier) as growth_as_reported_reason,
    case
        when c.value is null then 'not reported'
        when c.whole = 0 then 'base zero'
        when c.whole < 0 then 'base negative'
    end as share_reason,
    case
        when c.increment_reason is not null then c.increment_reason
        when c.whole = c.whole_year_earlier then 'total growth is zero: points only, no rate'
    end as contribution_reason,
    c.contribution_has_open_query,
    c.either_has_open_query as has_open_query,
from compared as c
left join matched as m
    on c.zone = m.zone and c.period = m.period and c.cell = m.cell and c.variable = m.variable;
