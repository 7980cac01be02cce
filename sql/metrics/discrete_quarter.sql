-- One row is a figure of a zone and quarter beside the quarter alone, and both a quarter and a year earlier.
-- zh: 一行是一个指标值，及其当季数、上季和上年同期的对应数
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit, growth in per cent
-- reads: staging.series_figure
-- F1 of docs/methodology.md#quarters.
create or replace view metrics.discrete_quarter as
with figure as (
    select
        f.*,
        -- what was revised on one side of a difference alone falls into it
        revisions_alone(f.received_at, f.statements, f.previous.received_at, f.previous.statements) as revisions,
        revisions_alone(f.previous.received_at, f.previous.statements, f.received_at, f.statements) as revisions_previous,
        revisions_alone(
            f.previous.received_at, f.previous.statements, f.before_previous.received_at, f.before_previous.statements
        )
        + revisions_alone(
            f.before_previous.received_at, f.before_previous.statements, f.previous.received_at, f.previous.statements
        ) as revisions_quarter_before,
        revisions_alone(
            f.year_earlier.received_at,
            f.year_earlier.statements,
            f.before_year_earlier.received_at,
            f.before_year_earlier.statements
        )
        + revisions_alone(
            f.before_year_earlier.received_at,
            f.before_year_earlier.statements,
            f.year_earlier.received_at,
            f.year_earlier.statements
        ) as revisions_year_earlier,
    from staging.series_figure as f
)

select
    l.zone, l.period, l.indicator, l.industry, l.basis, l.sector, l.flow_type, l.price_basis, l.unit, l.value,
    l.rounding, l.growth_reported_pct, l.growth_decimals, l.value_quarter,
    case
        when l.basis = 'quarter' then l.rounding / 2
        when l.is_differenced then if(l.quarter = '1', l.rounding, l.rounding + l.previous.rounding) / 2
    end as value_quarter_bound,
    -- the year to date of the quarter before, inside the year
    if(l.quarter = '1', null, l.previous.value) as value_previous,
    if(l.quarter = '1', null, l.previous.growth_reported_pct) as growth_previous_pct,
    if(l.quarter = '1', null, l.previous.growth_decimals) as growth_previous_decimals,
    case
        when l.basis = 'quarter' then l.previous.value
        when l.is_differenced then if(l.quarter = '2', l.previous.value, l.previous.value - l.before_previous.value)
    end as value_quarter_before,
    l.year_earlier.value as value_year_earlier,
    l.year_earlier.growth_reported_pct as growth_year_earlier_pct,
    case
        when l.basis = 'quarter' then l.year_earlier.value
        when l.is_differenced then if(l.quarter = '1', l.year_earlier.value, l.year_earlier.value - l.before_year_earlier.value)
    end as value_quarter_year_earlier,
    case
        when l.flow_type = 'rate' then 'a rate is not differenced'
        when l.flow_type = 'stock' or l.basis = 'stock' then 'a stock is not differenced'
        when l.basis in ('plan', 'annual') then 'a figure of the year has no quarter'
        when l.value is null then if(l.growth_reported_pct is null, 'not reported', 'growth only')
        when l.is_differenced and l.quarter <> '1' and l.previous.value is null then 'no prior YTD'
    end as quarter_reason,
    -- a difference across a break is no quarter; one of two vintages is wrong by the revision between them
    case
        when not l.is_differenced then null
        when l.quarter <> '1' and l.breaks <> l.previous.breaks then 'break'
        when l.quarter <> '1' and (l.is_break or l.revisions + l.revisions_previous > 0) then 'mixed vintage'
        when
            l.quarter <> '1'
            and l.value - l.previous.value is not null
            and (l.year_earlier.is_break or l.revisions_year_earlier > 0)
            then 'mixed vintage a year earlier'
        when
            l.quarter <> '1'
            and l.value - l.previous.value is not null
            and l.year_earlier.breaks <> l.before_year_earlier.breaks
            then 'break a year earlier'
    end as quarter_flag,
    -- what growth over a year, and over the quarter before, compare is on two bases
    coalesce(l.breaks <> l.year_earlier.breaks, false) as is_break_since_year_earlier,
    coalesce(
        l.breaks <> l.previous.breaks
        or (l.is_differenced and l.quarter <> '2' and l.previous.breaks <> l.before_previous.breaks),
        false
    ) as is_break_since_quarter_before,
    l.breaks,
    case
        when not l.is_differenced or l.quarter = '1' then null
        when l.revisions > 0 then l.value - l.statements[-1 - l.revisions].value
        when l.revisions_previous > 0
            then l.previous.statements[-1 - l.revisions_previous].value - l.previous.value
    end as mixed_vintage_value,
    coalesce(
        l.is_differenced and l.quarter <> '2' and (l.previous.is_break or l.revisions_quarter_before > 0), false
    ) as is_quarter_before_mixed,
    -- the quarter itself, without what it is compared with
    coalesce(l.is_bound or (l.is_differenced and l.quarter <> '1' and l.previous.is_bound), false) as is_quarter_bound,
    l.is_bound or coalesce(l.year_earlier.is_bound, false) as is_qualified,
    coalesce(
        l.is_bound
        or l.year_earlier.is_bound
        or (l.is_differenced and l.quarter <> '1' and (l.previous.is_bound or l.before_year_earlier.is_bound)),
        false
    ) as is_quarter_qualified,
    l.has_open_query as figure_has_open_query,
    l.has_open_query
    or coalesce(l.is_differenced and l.quarter <> '1' and l.previous.has_open_query, false) as quarter_has_open_query,
    quarter_has_open_query
    or coalesce(l.year_earlier.has_open_query, false)
    or coalesce(l.is_differenced and l.quarter <> '1' and l.before_year_earlier.has_open_query, false) as has_open_query,
    coalesce(
        (l.basis = 'quarter' and l.previous.has_open_query)
        or (l.is_differenced and l.previous.has_open_query)
        or (l.is_differenced and l.quarter <> '2' and l.before_previous.has_open_query),
        false
    ) as quarter_before_has_open_query,
from figure as l;
