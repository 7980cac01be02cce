-- One row is one of the ten main indicators of a zone in a quarter, as an office would quote it.
-- zh: 一行是十项主要经济指标之一，按对外公布的写法
-- grain: zone, period, indicator
-- unit: value in the base unit of column unit; value_text, as it is quoted, says its own; growth in per cent
-- reads: staging.observation, ref.indicator, ref.unit
create or replace view metrics.headline as
select
    o.zone,
    o.period,
    i.headline as ord,
    o.indicator, o.title_zh, o.title_en, o.value, o.unit,
    case o.qualifier when 'nearly' then '近' when 'about' then '约' when 'under' then '不足' else '' end
    || fixed(
        o.value / u.factor,
        -- as many decimals as were printed, where it was printed in the unit it is quoted in
        if(o.unit_reported = i.quoted_unit, o.decimals_reported, i.quoted_decimals)
    )
    || case when i.quoted_unit = '%' then '' else ' ' end
    || case o.qualifier when 'over' then '余' else '' end
    || i.quoted_unit as value_text,
    o.growth_reported_pct as growth_pct,
    case o.price_basis when 'constant_price' then '可比价' when 'nominal' then '名义' end as growth_basis_zh,
    case o.price_basis when 'constant_price' then 'real' when 'nominal' then 'nominal' end as growth_basis_en,
    case when o.value is null then if(o.growth_reported_pct is null, 'not reported', 'growth only') end as value_reason,
    o.has_open_query,
from staging.observation as o
inner join ref.indicator as i on o.indicator = i.indicator
inner join ref.unit as u on i.quoted_unit = u.unit
where i.headline is not null and o.industry is null
order by o.zone, o.period, i.headline;
