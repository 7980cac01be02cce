-- What does a column mean?
-- zh: 一列是什么意思？
select c.column_name, c.comment,
from duckdb_columns() as c
where c.schema_name = 'metrics' and c.table_name = 'headline'
order by c.column_index
