-- One row is a submission with questions about its figures that are neither explained nor accepted, and the rows asked about.
-- zh: 一行是一份还有待核实问题的报送，以及所问的是哪些行（既未说明、也未经同意的“请说明”级审核意见）
-- grain: submission
-- unit: count of findings; asks_about_all says that all figures of the submission are asked about
-- reads: ledger.finding, ledger.accepted_revision, ref.query_scope
-- docs/methodology.md#open-query. A question about a cell is about its row, level and growth alike. One about no cell (the file, a
-- heading, a title) is about the whole submission. ref.query_scope lists the rules for which it is otherwise. A row is told
-- by its number; of a workbook with several sheets of the form, rows of that number on each.
create or replace view staging.open_query as
with question as (
    select
        f.submission,
        f.form,
        f.zone,
        f.period,
        f.row,
        coalesce(s.query_scope, if(f.row is null or f."column" is null, 'submission', 'row')) as query_scope,
    from ledger.finding as f
    left join ref.query_scope as s on f.code = s.code
    where
        f.outcome = 'broken'
        and f.severity = 'query'
        and f.explanation is null
        and f.submission not in (
            select a.submission, from ledger.accepted_revision as a
        )
)

select
    q.submission,
    q.form,
    q.zone,
    q.period,
    count(*) as queries,
    bool_or(q.query_scope = 'submission') as asks_about_all,
    list(distinct q.row order by q.row) filter (where q.query_scope = 'row') as rows_asked,
from question as q
where q.query_scope <> 'none'
group by q.submission, q.form, q.zone, q.period;
