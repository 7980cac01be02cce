-- One row is a quarter of a zone's output, seasonally adjusted as a total and as the sum of its three adjusted sectors.
-- zh: 一行是一个地区一个季度的生产总值：直接季调（合计）与间接季调（三次产业季调值之和），及两者之差
-- grain: zone, price_basis, period
-- unit: values in yuan (at constant prices: of the chain's base year), _pct in per cent, _pp in percentage points
-- reads: staging.seasonally_adjusted, staging.broken_series, ref.indicator
-- F21 of docs/methodology.md#seasonal. Adjustment is not additive: neither of the two is scaled to the other. At constant prices
-- the unadjusted sectors do not sum to their total either, for chained levels do not add up (F13).
create or replace view metrics.seasonal_direct_indirect as
with whole as (
    select
        a.zone, a.price_basis, a.period,
        max(a.value_quarter) filter (where i.sector = 'total') as value_quarter,
        max(a.value_adjusted) filter (where i.sector = 'total') as value_adjusted_direct,
        max(a.value_adjusted_before) filter (where i.sector = 'total') as direct_before,
        -- doubles added in one order, so that the last digit stays; a sector that is missing makes NULL
        max(a.value_adjusted) filter (where i.sector = 'tertiary')
        + max(a.value_adjusted) filter (where i.sector = 'secondary')
        + max(a.value_adjusted) filter (where i.sector = 'primary') as value_adjusted_indirect,
        max(a.value_adjusted_before) filter (where i.sector = 'tertiary')
        + max(a.value_adjusted_before) filter (where i.sector = 'secondary')
        + max(a.value_adjusted_before) filter (where i.sector = 'primary') as indirect_before,
        max(a.verdict) filter (where i.sector = 'total') as verdict_direct,
        -- the worst of the sectors: the words of the three verdicts in alphabetical order are not in that of their rank
        case
            when bool_or(a.verdict = 'not usable') filter (where i.sector <> 'total') then 'not usable'
            when bool_or(a.verdict = 'with care') filter (where i.sector <> 'total') then 'with care'
            when count(*) filter (where i.sector <> 'total') = 3 then 'usable'
        end as verdict_indirect,
        bool_or(len(breaks_after(b.breaks, period_quarter_earlier(a.period), a.period)) > 0) as is_break,
        bool_or(a.has_open_query) as has_open_query,
    from staging.seasonally_adjusted as a
    inner join ref.indicator as i on a.indicator = i.indicator
    left join staging.broken_series as b on a.zone = b.zone and a.indicator = b.indicator
    where i.sector is not null and a.basis = 'ytd' and a.industry is null
    group by a.zone, a.price_basis, a.period
)

select
    w.zone, w.price_basis, w.period, w.value_quarter, w.value_adjusted_direct, w.value_adjusted_indirect,
    w.value_adjusted_direct - w.value_adjusted_indirect as difference_value,
    100 * (w.value_adjusted_direct - w.value_adjusted_indirect) / nullif(w.value_adjusted_indirect, 0) as difference_pct,
    growth_pct(w.value_adjusted_direct, w.direct_before) as growth_qoq_direct_pct,
    growth_pct(w.value_adjusted_indirect, w.indirect_before) as growth_qoq_indirect_pct,
    growth_pct(w.value_adjusted_direct, w.direct_before) - growth_pct(w.value_adjusted_indirect, w.indirect_before)
        as growth_qoq_difference_pp,
    if(w.is_break, 'break since the quarter before', null) as growth_qoq_flag,
    w.verdict_direct, w.verdict_indirect, w.has_open_query,
from whole as w
order by w.zone, w.price_basis, w.period;
