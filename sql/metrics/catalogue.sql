-- One row is a view that can be queried: what one row of it is, and which submissions fill it.
-- zh: 视图目录：一行是一个可查询的视图，说明它的一行是什么、由哪些报表填充
-- grain: view_name
-- unit: none
-- reads: ref.view_source
-- How many rows each has now is counted when it is asked: metrics.rows_of('metrics.headline') of one, `jibao catalogue` of all.
-- To read every view takes longer than a small run. What fills a view stands in sql/reference/view_source.csv.
create or replace view metrics.catalogue as
select
    s.view_name,
    split_part(w.comment, ' | ', 1) as title_zh,
    split_part(w.comment, ' | ', 2) as title_en,
    s.filled_by_zh,
    s.filled_by_en,
from ref.view_source as s
left join duckdb_views() as w
    on
        s.view_name = w.schema_name || '.' || w.view_name
        and w.database_name = current_database();
