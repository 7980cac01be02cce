-- A row for each row that breaks a rule, with the rules it breaks.
with outcome as (
    select
        source_row,
        list_filter([
        {% for name, rule in var("rules").items() -%}
            case when not ({{ rule | replace("typed_table", ref("typed") | string) }}) then '{{ name }}' end{{ "," if not loop.last }}
        {% endfor %}
        ], x -> x is not null) as rules
    from {{ ref("typed") }}
)

select * from outcome where len(rules) > 0
