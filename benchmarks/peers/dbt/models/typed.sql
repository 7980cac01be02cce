-- The same as they are understood.
{{ var("typed") | replace("sent_table", ref("sent") | string) }}
