-- One row is a figure as it stands now, with its words and where it came from.
-- zh: 一行是一个现行有效的指标值，带名称、部门和出处（文件、表、行）
-- grain: zone, period, indicator, industry, basis
-- unit: value and rounding in the base unit of column unit; growth in per cent
-- reads: staging.submitted_figure, staging.current_submission, staging.open_query
-- noqa: disable=AM04
create or replace view staging.observation as
select
    f.*,
    s.path,
    s.received_at,
    is_asked_about(q.asks_about_all, q.rows_asked, f.source_row) as has_open_query,
from staging.submitted_figure as f
-- zone and period are the submission's own; named here too, so that a filter on a zone reaches both sides
inner join staging.current_submission as s on f.submission = s.submission and f.zone = s.zone and f.period = s.period
left join staging.open_query as q on f.submission = q.submission and f.zone = q.zone and f.period = q.period;
