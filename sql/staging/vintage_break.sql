-- One row is a quarter of a form whose quarter before, as it stands, is of an older vintage; with the reason.
-- zh: 一行是一个季度：它之前一个季度现行有效的报送属于较早的数据版本，两者相减不可比
-- grain: zone, form, period
-- unit: none
-- reads: ref.older_vintage, staging.current_submission
-- A difference across a break is wrong by the revision between the vintages. The break ends when another submission of the
-- older quarter stands.
create or replace view staging.vintage_break as
select
    c.zone,
    c.form,
    period_following(c.period) as period,
    v.reason_zh,
    v.reason_en,
from ref.older_vintage as v
inner join staging.current_submission as c on v.submission = c.submission;
