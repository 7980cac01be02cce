-- Whether a question is open about a row of a submission: is_asked_about(q.asks_about_all, q.rows_asked, o.source_row).
-- zh: 报送的某一行是否还有待核实的问题
-- unit: true or false; the first two as staging.open_query gives them, NULL where it has no row
-- reads: nothing
create or replace macro is_asked_about(whole, rows_asked, source_row) as (
    coalesce(whole or list_contains(rows_asked, source_row), false)
);
