-- One row is a submission with questions about its figures that are neither explained nor accepted, and the rows asked about.
-- zh: 一行是一份还有待核实问题的报送，以及所问的是哪些行（既未说明、也未经同意的“请说明”级审核意见）
-- grain: submission
-- unit: count of findings; asks_about_all says that all figures of the submission are asked about
-- reads: staging.open_question
-- docs/methodology.md#open-query. A row is told by its number; of a workbook with several sheets of the form, rows of that
-- number on each.
create or replace view staging.open_query as
select
    q.submission, q.form, q.zone, q.period,
    count(*) as queries,
    bool_or(q.query_scope = 'submission') as asks_about_all,
    list_distinct(flatten(list(q.rows_asked order by q.row) filter (where q.query_scope = 'row'))) as rows_asked,
from staging.open_question as q
group by q.submission, q.form, q.zone, q.period;
