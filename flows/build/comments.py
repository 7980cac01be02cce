"""Words on every relation, column and macro of the warehouse, kept in it as COMMENTs `zh | en`.

A relation's words come from the head of its file in `sql/`, a column's from the form that declares
it and else from `sql/reference/column_title.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from flows.build.as_of import Macro
from flows.warehouse.sql_file import Relation
from flows.warehouse.sql_text import quote

_FORMS_AND_REFERENCE = """
select 'core.' || f.form, f.title_zh || ' | ' || f.title_en
from ref.form as f
where f.kind = 'register'
union all
select 'ref.' || t.table_name, t.title_zh || ' | ' || t.title_en
from ref.table_title as t
"""
# a register's own title for a column goes before the common one
_COLUMNS = """
select
    c.schema_name || '.' || c.table_name,
    c.column_name,
    coalesce(f.title_zh || ' | ' || f.title_en, t.title_zh || ' | ' || t.title_en),
from duckdb_columns() as c
left join ref.column_title as t on c.column_name = t.column_name
left join ref.form_column as f
    on c.schema_name in ('core', 'staging')
    and c.table_name = f.form
    and c.column_name = f.column_name
where
    not c.internal
    and c.database_name = current_database()
    and coalesce(f.title_zh, t.title_zh) is not null
    and c.schema_name in (
        'ref', 'ledger', 'core', 'quarantine', 'staging', 'derived', 'metrics', 'public'
    )
"""


def comment_relations(
    con: duckdb.DuckDBPyConnection, views: Iterable[Relation], tables: Iterable[Relation]
) -> None:
    """Words on every view, table and column."""
    statements = [_comment("view", view) for view in views]
    statements += [_comment("table", table) for table in tables]
    statements += [
        f"comment on table {name} is {quote(words)}"
        for name, words in con.execute(_FORMS_AND_REFERENCE).fetchall()
    ]
    statements += [
        f'comment on column {relation}."{column}" is {quote(words)}'
        for relation, column, words in con.execute(_COLUMNS).fetchall()
    ]
    con.execute(";\n".join(statements))  # one by one they take twice the time


def comment_macros(
    con: duckdb.DuckDBPyConnection, scalar: Iterable[Relation], table: Iterable[Relation | Macro]
) -> None:
    """Words on every macro, those that give a value and those that give a table."""
    statements = [_comment("macro", macro) for macro in scalar]
    statements += [_comment("macro table", macro) for macro in table]
    con.execute(";\n".join(statements))


def _comment(kind: str, relation: Relation | Macro) -> str:
    words = f"{relation.title_zh} | {relation.title_en}"
    return f"comment on {kind} {relation.name} is {quote(words)}"
