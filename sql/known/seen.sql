-- One row is a submission whose rows somebody new may have to see.
-- zh: 一行是一份可能需要取出数据、供新报送比较的报送
-- grain: submission
-- unit: none
-- reads: known.standing, known.submission
-- Earlier revisions too: where the one that stands turns out to be rejected, the one before it stands again.
create or replace table known.seen as
select distinct s.submission,
from known.submission as s
inner join known.standing as t on s.form = t.form and s.zone = t.zone and s.period = t.period;
