-- The rows that are loaded.
select t.* exclude ({{ var("names") | replace("'", "") | replace("[", "") | replace("]", "") }})
from {{ ref("typed") }} as t
where t.source_row not in (select source_row from {{ ref("held") }})
