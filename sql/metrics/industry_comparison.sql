-- One row is an industry of a zone in a quarter beside the nation's: location quotient, and its growth split by shift-share.
-- zh: 一行是一个地区一个季度的一个行业与全国的对照：区位商，以及分行业的偏离—份额分析
-- grain: zone, period, indicator, industry, basis
-- unit: _pct in per cent, _pp in percentage points of the zone's total a year earlier; a location_quotient_ratio above 1 is specialised
-- reads: metrics.industry_structure
-- F17 and F18 of docs/methodology.md#structure, by industry: w·G + w·(G_i − G) + w·(g_i − G_i) = w·g_i, with w the industry's part
-- of the zone's total a year earlier at this year's prices. G is the nation's growth as its industries give it (F6), or as reported.
create or replace view metrics.industry_comparison as
with compared as (
    select
        s.*,
        n.zone is not null as has_nation,
        n.share_of_total_pct as share_nation_pct,
        n.growth_reported_pct::double as growth_nation,
        coalesce(n.total_growth_implied_pct, n.total_growth_pct::double) as growth_nation_all,
        coalesce(n.has_open_query, false) as nation_has_open_query,
    from metrics.industry_structure as s
    left join metrics.industry_structure as n
        on
            n.zone = nation()
            and s.period = n.period
            and s.indicator = n.indicator
            and s.industry = n.industry
            and s.basis = n.basis
    where s.zone <> nation()
)

select
    c.zone, c.period, c.indicator, c.industry, c.basis, c.title_zh, c.title_en, c.within_industry,
    c.share_of_total_pct, c.share_nation_pct,
    c.share_of_total_pct / nullif(c.share_nation_pct, 0) as location_quotient_ratio,
    c.growth_reported_pct,
    c.growth_nation as growth_nation_pct,
    c.base_share_pct,
    c.contribution_pp,
    c.base_share_pct * c.growth_nation_all / 100 as national_effect_pp,
    c.base_share_pct * (c.growth_nation - c.growth_nation_all) / 100 as mix_effect_pp,
    c.base_share_pct * (c.growth_reported_pct::double - c.growth_nation) / 100 as competitive_effect_pp,
    case
        when c.share_of_total_pct is null then c.share_reason
        when not c.has_nation then 'the nation is not reported'
        when c.share_nation_pct is null then 'no share of the nation'
        when c.share_nation_pct = 0 then 'base zero'
    end as location_quotient_reason,
    case
        when c.contribution_pp is null then c.contribution_reason
        when not c.has_nation then 'the nation is not reported'
        when c.growth_nation is null or c.growth_nation_all is null then 'the nation''s growth is not reported'
    end as shift_share_reason,
    c.has_open_query or c.nation_has_open_query as has_open_query,
from compared as c;
