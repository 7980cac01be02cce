-- The rows that are not loaded, with their reasons.
select t.*, b.rules
from {{ ref("typed") }} as t
inner join {{ ref("broken") }} as b using (source_row)
where list_has_any(b.rules, {{ var("hard") }})
