-- One row is a question about figures that is neither explained nor accepted, and whether it is about a row or all figures.
-- zh: 一行是一个待核实的问题：既未说明、也未经同意的“请说明”级审核意见，以及问的是一行还是全部
-- grain: submission, question
-- unit: none; question numbers them within the submission
-- reads: ledger.finding, staging.acceptance, ref.query_scope
-- noqa: disable=AM04
-- docs/methodology.md#open-query. A question about cells is about their rows (rows_asked), level and growth alike. One about no cell (the file, a
-- heading, a title) is about the whole submission. ref.query_scope lists the rules for which it is otherwise.
create or replace view staging.open_question as
with question as (
    select
        f.*,
        coalesce(s.query_scope, if(f.row is null or f."column" is null, 'submission', 'row')) as query_scope,
    from ledger.finding as f
    left join ref.query_scope as s on f.code = s.code
    where
        f.outcome = 'broken'
        and f.severity = 'query'
        and f.explanation is null
        and f.submission not in (
            select a.submission, from staging.acceptance as a
        )
)

select
    q.*,
    list_prepend(
        q.row,
        regexp_extract_all(coalesce(q.further_cells, ''), '(?:''(?:[^'']|'''')*''!)?[A-Z]+([0-9]+)', 1)::integer[]
    ) as rows_asked,
    row_number() over (
        partition by q.zone, q.period, q.submission order by q.code, q.sheet, q.row, q."column", q.message_en, q.message_zh
    ) as question,
from question as q
where q.query_scope <> 'none';
