-- One row is an indicator that is called otherwise in a zone than everywhere: GDP of the nation is 国内生产总值.
-- zh: 一行是一个地区的一个指标的专用名称（全国的 GDP 称国内生产总值）
-- grain: zone, indicator
-- unit: none
-- reads: ref.zone, ref.indicator_title
-- Whoever reads it takes the title of ref.indicator where there is no row.
create or replace view staging.local_title as
select
    z.zone, t.indicator, t.title_zh, t.title_en,
from ref.zone as z
inner join ref.indicator_title as t on z.kind = t.kind;
