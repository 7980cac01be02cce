-- One row is a figure as one vintage gave it: every submission that ever stood, not only the one that stands.
-- zh: 一行是一个指标值的一个版本：凡曾经有效的报送都在内
-- grain: zone, period, indicator, industry, basis, vintage
-- unit: value in the base unit of column unit; growth in per cent; times in UTC
-- reads: staging.submitted_figure, staging.vintage, staging.open_query
-- noqa: disable=AM04
create or replace view staging.observation_vintage as
select
    f.*,
    v.vintage, v.vintages, v.revision, v.path, v.sender, v.received_at, v.known_from, v.known_until,
    -- what was replaced is not asked about any more
    v.known_until is null and is_asked_about(q.asks_about_all, q.rows_asked, f.source_row) as has_open_query,
from staging.submitted_figure as f
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.vintage as v on f.submission = v.submission and f.zone = v.zone and f.period = v.period
left join staging.open_query as q on f.submission = q.submission and f.zone = q.zone and f.period = q.period;
