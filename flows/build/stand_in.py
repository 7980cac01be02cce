"""Views and macros that read each other, made one by one without what stands below them.

Whenever DuckDB makes a view or a table macro it binds the whole tree below it, so that to make a
hundred of them costs as much as to bind each many times over. Here each is made over stand-ins of
what it reads (the same columns, and no row), and gives way to a stand-in of its own; then all are
put in place from the top down, each still over stand-ins. What is left is what its file says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import duckdb

from flows.build.as_of import Macro
from flows.warehouse.sql_file import Relation

Run = Callable[[str, str], None]


def make_over_stand_ins(
    con: duckdb.DuckDBPyConnection,
    made: Sequence[Relation | Macro],
    read: Collection[str],
    run: Run,
) -> None:
    """Make views and table macros, given in the order in which they need each other.

    `read` names those that others read. `run` executes the statement that makes the one named.
    """
    for relation in made:
        run(relation.name, relation.sql)
        if relation.name in read:
            run(relation.name, _stand_in(con, relation))
    for relation in reversed(made):
        if relation.name in read:
            run(relation.name, relation.sql)


def _stand_in(con: duckdb.DuckDBPyConnection, relation: Relation | Macro) -> str:
    """A statement that puts the columns of a view or macro in its place, and no rows."""
    if isinstance(relation, Macro):
        opening, rows = relation.opening, con.sql(f"from {relation.name}(null)")
    else:
        opening = f"create or replace view {relation.name} as"
        rows = con.sql(f"from {relation.name}")
    columns = zip(rows.columns, rows.types, strict=True)
    nulls = ", ".join(f'null::{kind} as "{name}"' for name, kind in columns)
    return f"{opening} select {nulls} where false"
