-- One row is a figure of a series with a break, as printed and beside it linked to the newest basis.
-- zh: 一行是一个有断点的指标的一个数：原发布的，以及衔接到最新口径的；两者并列，互不覆盖
-- grain: zone, period, indicator, industry, basis
-- unit: values in the base unit of column unit; _pct in per cent
-- reads: staging.observation, staging.broken_series
-- F35 of docs/methodology/growth.md#breaks. A figure is linked year by year with those of the same quarter. A link that cannot be had
-- leaves everything before it unlinked: nothing is bridged.
create or replace view metrics.linked_series as
with compared as (
    select
        o.*,
        right(o.period, 1) as quarter,
        b.breaks,
        lag(struct_pack(o.period, o.value)) over (
            partition by o.zone, o.indicator, o.industry, o.basis, right(o.period, 1) order by o.period
        ) as y,
    from staging.observation as o
    inner join staging.broken_series as b on o.zone = b.zone and o.indicator = b.indicator
    where o.flow_type <> 'rate' and o.basis <> 'plan'
),

crossing as (
    select
        c.*,
        breaks_after(c.breaks, c.y.period, c.period) as crossed,
        list_filter(c.breaks, lambda a_break: a_break.period = c.period) as beginning,
        -- the levels of an overlap, where every break that is crossed has one
        case
            when len(list_filter(crossed, lambda a_break: a_break.overlap_ratio is null)) = 0
                then list_product(list_transform(crossed, lambda a_break: a_break.overlap_ratio))
        end as overlap_ratio,
        case
            when
                c.price_basis <> 'constant_price'
                and c.y.value > 0
                and c.y.period = period_year_earlier(c.period)
                then implied_base(c.value, c.growth_reported_pct) / c.y.value::double
        end as growth_ratio,
    from compared as c
),

-- what the figure of the year before is multiplied by
stepped as (
    select
        c.*,
        if(len(c.crossed) > 0, coalesce(c.overlap_ratio, c.growth_ratio), 1) as step,
        case
            when coalesce(len(c.crossed), 0) = 0 then null
            when c.overlap_ratio is not null then 'overlap'
            when c.growth_ratio is not null then 'growth on the comparable basis'
        end as link_method,
    from crossing as c
),

linked as (
    select
        s.*,
        case
            when count(s.step) over later = count(*) over later then coalesce(list_product(list(s.step) over later), 1)
        end as link_ratio,
        s.value::double * link_ratio as value_linked,
    from stepped as s
    window
        later as (
            partition by s.zone, s.indicator, s.industry, s.basis, s.quarter order by s.period
            rows between 1 following and unbounded following
        )
),

beside as (
    select
        l.*,
        first_value(l.value_linked) over (
            partition by l.zone, l.indicator, l.industry, l.basis order by period_number(l.period)
            range between 4 preceding and 4 preceding
        ) as value_linked_year_earlier,
        if(l.y.period = period_year_earlier(l.period), l.y.value, null) as value_year_earlier,
    from linked as l
)

select
    b.zone, b.period, b.indicator, b.industry, b.basis, b.title_zh, b.title_en, b.unit, b.value, b.value_linked,
    b.link_ratio, b.growth_reported_pct,
    growth_pct(b.value, b.value_year_earlier) as growth_nominal_pct,
    growth_pct(b.value_linked, b.value_linked_year_earlier) as growth_linked_nominal_pct,
    if(len(b.crossed) > 0, 'break since a year earlier', null) as growth_flag,
    b.link_method,
    nullif(array_to_string(list_transform(b.beginning, lambda a_break: a_break.break_kind), ', '), '') as break_kind, -- noqa: RF01
    nullif(array_to_string(list_transform(b.beginning, lambda a_break: a_break.note_zh), '；'), '') as note_zh, -- noqa: RF01
    nullif(array_to_string(list_transform(b.beginning, lambda a_break: a_break.note_en), '; '), '') as note_en, -- noqa: RF01
    case
        when b.value is null then if(b.growth_reported_pct is null, 'not reported', 'growth only')
        when b.link_ratio is null then 'no overlap and no growth on the comparable basis'
    end as linked_reason,
    b.has_open_query,
from beside as b;
