-- One row is one of the ten main indicators of a zone in a quarter, as an office would quote it.
-- zh: 一行是十项主要经济指标之一，按对外公布的写法；待核实的不公布
-- grain: zone, period, indicator
-- unit: value_text says its own; growth in per cent
-- reads: metrics.headline, ref.confidential_indicator
-- A figure with an open question is left out until it is answered or accepted: docs/methodology.md#open-query.
create or replace view public.headline as
select
    h.zone, h.period, h.ord, h.indicator, h.title_zh, h.title_en,
    if(h.has_open_query, null, h.value_text) as value_text,
    if(h.has_open_query, null, h.growth_pct) as growth_pct,
    h.growth_basis_zh,
    if(h.has_open_query, 'under query', h.value_reason) as value_reason,
from metrics.headline as h
where not is_confidential(h.indicator, null, h.zone);
