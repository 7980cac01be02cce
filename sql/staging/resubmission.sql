-- One row is a submission that came after the one an edition was made from, and how many of its figures it alters.
-- zh: 一行是某期发布之后重报的一份报送，及其改动的公布数个数
-- grain: edition, submission
-- unit: count of figures
-- reads: staging.resubmitted_figure
-- The build stores this as ledger.resubmission, so that nobody who reads the current figures computes it.
create or replace view staging.resubmission as
select
    r.edition,
    r.submission,
    count(*) filter (where r.is_altered) as figures_altered,
from staging.resubmitted_figure as r
group by r.edition, r.submission;
