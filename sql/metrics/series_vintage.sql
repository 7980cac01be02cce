-- One row is a figure as one vintage gave it, as it is quoted: what the pages of a series show.
-- zh: 一行是一个指标值的一个版本，按对外公布的单位和写法
-- grain: zone, period, indicator, industry, basis, vintage
-- unit: number_text in the unit beside it; growth_text in per cent; times in UTC
-- reads: staging.observation_vintage, ref.indicator, ref.unit
-- What everybody may see of it is told by public.indicator, which has the keys of what stands (known_until is NULL).
create or replace view metrics.series_vintage as
select
    o.zone, o.period, o.indicator, o.industry, o.basis, o.vintage, o.vintages, o.title_zh, o.title_en,
    fixed(
        o.value / u.factor,
        -- as many decimals as were printed, where it was printed in the unit it is quoted in
        if(o.unit_reported = i.quoted_unit, o.decimals_reported, i.quoted_decimals)
    ) as number_text,
    i.quoted_unit as unit_zh,
    coalesce(u.title_en, u.unit) as unit_en,
    o.qualifier,
    fixed(o.growth_reported_pct, coalesce(o.growth_decimals, 1)) as growth_text,
    o.growth_qualifier, o.price_basis, o.known_from, o.known_until, o.form, o.submission, o.path, o.has_open_query,
from staging.observation_vintage as o
inner join ref.indicator as i on o.indicator = i.indicator
inner join ref.unit as u on i.quoted_unit = u.unit;
