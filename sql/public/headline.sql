-- One row is one of the ten main indicators of a zone in a quarter, as an office would quote it.
-- zh: 一行是十项主要经济指标之一，按对外公布的写法
-- grain: zone, period, indicator
-- unit: value_text says its own; growth in per cent
-- reads: metrics.headline, ref.confidential_indicator
create or replace view public.headline as
select
    h.zone,
    h.period,
    h.ord,
    h.indicator,
    h.title_zh,
    h.title_en,
    h.value_text,
    h.growth_pct,
    h.growth_basis_zh,
    h.value_reason,
from metrics.headline as h
where h.indicator not in (select c.indicator, from ref.confidential_indicator as c);
