-- One row is how evenly a figure of a zone and quarter is spread over sectors, or over the industries of one level.
-- zh: 一行是一个地区一个季度的产业（或某级行业）集中与多样化程度
-- grain: zone, period, indicator, basis, classification
-- unit: _ratio from 0 to 1; entropy_nat in natural units; coverage_pct in per cent
-- reads: staging.observation, metrics.industry_structure
-- F16 of docs/methodology.md#structure. Shares are of what the parts add up to; coverage_pct says how much of the total it is.
create or replace view metrics.diversification as
with part as (
    select
        o.zone,
        o.period,
        'gdp' as indicator,
        o.basis,
        'sector' as classification,
        o.value,
        max(case when o.sector = 'total' then o.value end) over (partition by o.zone, o.period) as total_value,
        o.sector = 'total' as is_total,
        3 as parts_due,
        o.has_open_query,
    from staging.observation as o
    where o.sector is not null and o.basis = 'ytd' and o.industry is null
    union all by name
    select
        s.zone, s.period, s.indicator, s.basis,
        -- an aggregate of sections stands for them; what is inside another line is counted there
        if(s.level = 'aggregate', 'section', s.level) as classification,
        s.value,
        s.total_value,
        false as is_total,
        null as parts_due,
        s.has_open_query,
    from metrics.industry_structure as s
    where s.within_industry is null
),

summed as (
    select
        p.zone, p.period, p.indicator, p.basis, p.classification,
        count(p.value) as parts,
        count(*) as parts_listed,
        max(p.parts_due) as parts_due,
        min(p.value) as smallest,
        sum(p.value)::double as whole,
        -- a square has no decimal wide enough: added up by size, the smallest first
        list_sort(list(p.value::double) filter (where p.value is not null)) as amounts,
        max(p.total_value)::double as total_value,
        bool_or(p.has_open_query) as has_open_query,
    from part as p
    where not p.is_total
    group by p.zone, p.period, p.indicator, p.basis, p.classification
),

judged as (
    select
        s.*,
        list_sum(list_transform(s.amounts, lambda x: x * x)) as squares, -- noqa: RF03
        list_sum(list_transform(s.amounts, lambda x: if(x > 0, x * ln(x), null))) as logarithms, -- noqa: RF03
        case
            when s.parts < coalesce(s.parts_due, s.parts_listed) then 'a part is missing'
            when s.smallest < 0 then 'a part is negative'
            when s.whole = 0 then 'the sum is zero'
            when s.parts = 1 then 'one part only'
        end as diversification_reason,
    from summed as s
)

select
    j.zone, j.period, j.indicator, j.basis, j.classification, j.parts,
    100 * j.whole / nullif(j.total_value, 0) as coverage_pct,
    if(j.diversification_reason is null, j.squares / power(j.whole, 2), null) as herfindahl_ratio,
    if(j.diversification_reason is null, (j.squares / power(j.whole, 2) - 1.0 / j.parts) / (1 - 1.0 / j.parts), null)
        as herfindahl_normalised_ratio,
    if(j.diversification_reason is null, ln(j.whole) - coalesce(j.logarithms, 0) / j.whole, null) as entropy_nat,
    if(j.diversification_reason is null, (ln(j.whole) - coalesce(j.logarithms, 0) / j.whole) / ln(j.parts), null)
        as evenness_ratio,
    j.diversification_reason,
    j.has_open_query,
from judged as j;
