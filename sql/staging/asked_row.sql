-- One row is a row of a submission that a question is open about.
-- zh: 一行是一份报送中还有待核实问题的一行
-- grain: submission, asked_row
-- unit: none
-- reads: staging.open_query
-- To be joined where there may be many rows: to look for each in a list of those asked about would take minutes.
create or replace view staging.asked_row as
select
    q.submission, q.zone, q.period,
    unnest(q.rows_asked) as asked_row,
from staging.open_query as q;
