-- How many rows a view has now, counted when this is asked: metrics.rows_of('metrics.headline').
-- zh: 一个视图现有的行数，查询时才计数
-- unit: count of rows
-- reads: of_view
create or replace macro metrics.rows_of(of_view) as table
    select
        of_view as view_name,
        count(*) as rows_now,
    from query_table(of_view);
