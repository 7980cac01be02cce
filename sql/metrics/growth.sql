-- One row is an indicator of a zone in a quarter with every growth that it allows, and why where it allows none.
-- zh: 一行是一个地区一个季度的一个指标的各种增速；不能计算的说明原因
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit; _pct in per cent, _pp in percentage points
-- reads: metrics.discrete_quarter, ref.indicator, staging.local_title
-- F1 to F4, F7, F11, F14 and F15 of docs/methodology.md#growth. Growth reported is never overwritten; growth over the
-- quarter before is not seasonally adjusted here (未季调), see metrics.seasonal_adjustment.
create or replace view metrics.growth as
with measured as (
    select
        d.*,
        d.flow_type <> 'rate' and d.basis <> 'plan' as has_growth,
        case when d.flow_type <> 'rate' and d.basis <> 'plan' then growth_pct(d.value, d.value_year_earlier) end as nominal,
        growth_pct(d.value_quarter, d.value_quarter_before) as qoq,
        case
            when d.price_basis <> 'constant_price' or d.value_quarter is null then null
            when right(d.period, 1) = '1' then d.growth_reported_pct::double
            else quarter_real_pct(d.value, d.growth_reported_pct, d.value_previous, d.growth_previous_pct)
        end as quarter_real,
    from metrics.discrete_quarter as d
)

select
    m.zone, m.period, m.indicator, m.industry, m.basis,
    coalesce(t.title_zh, i.title_zh) as title_zh,
    coalesce(t.title_en, i.title_en) as title_en,
    m.unit, m.value, m.value_quarter, m.value_quarter_bound, m.price_basis, i.growth_comparison,
    m.growth_reported_pct,
    if(is_unlike(i.growth_comparison), null, m.nominal) as growth_nominal_pct,
    if(
        m.price_basis = 'constant_price' and not is_unlike(i.growth_comparison),
        deflator_change_pct(m.nominal, m.growth_reported_pct), null
    ) as deflator_change_pct,
    if(
        is_unlike(i.growth_comparison), null, growth_pct(m.value_quarter, m.value_quarter_year_earlier)
    ) as growth_quarter_nominal_pct,
    m.quarter_real as growth_quarter_real_derived_pct,
    case
        when m.quarter_real is null then null
        when right(m.period, 1) = '1' then power(10, -m.growth_decimals) / 2
        else quarter_real_bound_pp(m.value, m.growth_decimals, m.value_previous, m.growth_previous_decimals)
    end as growth_quarter_real_bound_pp,
    m.qoq as growth_qoq_pct,
    annualised_pct(m.qoq) as growth_qoq_annualised_pct,
    case
        when m.growth_reported_pct >= -100 and m.growth_year_earlier_pct >= -100
            then (sqrt((1 + m.growth_reported_pct::double / 100) * (1 + m.growth_year_earlier_pct::double / 100)) - 1) * 100
    end as growth_two_year_average_pct,
    m.value - m.value_year_earlier as change_value,
    case when m.flow_type = 'rate' then (m.value - m.value_year_earlier)::double end as change_pp,
    turn_zh(m.value, m.value_year_earlier) as turn_zh,
    turn_en(m.value, m.value_year_earlier) as turn_en,
    case when m.value is null then if(m.growth_reported_pct is null, 'not reported', 'growth only') end as value_reason,
    case
        when m.flow_type = 'rate' then 'a rate has no growth, only a change in points'
        when m.basis = 'plan' then 'a plan has no growth'
        when m.nominal is not null and is_unlike(i.growth_comparison) then 'levels of unlike scope: see the growth reported'
        else why_no_growth(m.value, m.value_year_earlier)
    end as growth_nominal_reason,
    m.quarter_reason,
    case
        when m.quarter_reason is null and is_unlike(i.growth_comparison) then 'levels of unlike scope: see the growth reported'
        else coalesce(m.quarter_reason, why_no_growth(m.value_quarter, m.value_quarter_year_earlier))
    end as growth_quarter_nominal_reason,
    case
        when m.quarter_real is not null then null
        when m.quarter_reason is not null then m.quarter_reason
        when m.price_basis <> 'constant_price' then 'growth is not reported at constant prices'
        when m.growth_reported_pct is null or (right(m.period, 1) <> '1' and m.growth_previous_pct is null)
            then 'a level or its growth is missing'
        when m.value <= m.value_previous then 'year to date does not rise: no bound'
        else 'base unknown'
    end as growth_quarter_real_reason,
    coalesce(m.quarter_reason, why_no_growth(m.value_quarter, m.value_quarter_before)) as growth_qoq_reason,
    case
        when m.growth_reported_pct is null then 'no growth reported'
        when m.growth_year_earlier_pct is null then 'no growth reported a year earlier'
        when least(m.growth_reported_pct, m.growth_year_earlier_pct) < -100 then 'a fall of more than 100 %'
    end as growth_two_year_reason,
    coalesce(
        m.quarter_flag,
        if(m.is_break_since_quarter_before and m.qoq is not null, 'break since the quarter before', null),
        if(m.is_quarter_before_mixed and m.qoq is not null, 'mixed vintage a quarter earlier', null)
    ) as quarter_flag,
    -- of nominal growth, of the year to date and of the quarter, and of the change of levels
    if(m.is_break_since_year_earlier, 'break since a year earlier', null) as growth_flag,
    m.mixed_vintage_value,
    if(m.qoq is null, null, '未季调') as adjustment_zh,
    if(m.qoq is null, null, 'not seasonally adjusted') as adjustment_en,
    false as is_seasonally_adjusted,
    m.is_qualified,
    m.is_quarter_qualified,
    m.has_open_query or m.quarter_before_has_open_query as has_open_query,
from measured as m
inner join ref.indicator as i on m.indicator = i.indicator
left join staging.local_title as t on m.zone = t.zone and m.indicator = t.indicator;
