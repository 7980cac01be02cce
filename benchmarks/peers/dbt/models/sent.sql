-- The rows of the file as they came, all text.
select row_number() over () + 1 as source_row, *
from read_csv('{{ var("file") }}', header = true, all_varchar = true, names = {{ var("names") }})
