"""Views and macros that read each other, made one by one without what stands below them.

Whenever DuckDB makes a view or a table macro it binds the whole tree below it, so that to make a
hundred of them costs as much as to bind each many times over. Here a stand-in (the same columns,
and no row) is put in the place of each that others read, one by one over the stand-ins below it;
then all are put in place from the top down, each still over stand-ins. What is left is what its
file says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence

import duckdb

from flows.build.as_of import Macro
from flows.model.errors import BuildError
from flows.warehouse.sql_file import Relation


def make_over_stand_ins(
    con: duckdb.DuckDBPyConnection,
    made: Sequence[Relation | Macro],
    read: Collection[str],
    macros: Sequence[Relation],
) -> None:
    """Make views and their twins, given in the order in which they need each other, and the macros
    over them; `read` names those that others read. Raises BuildError naming the one whose SQL is
    wrong.
    """
    for relation in made:
        if relation.name in read:
            make(con, relation.name, _stand_in(con, relation))
    for relation in (*macros, *reversed(made)):
        make(con, relation.name, relation.sql)


def make(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    """Execute the statement that makes the relation or macro named. Raises BuildError naming it."""
    with naming(name):
        con.execute(sql)


@contextlib.contextmanager
def naming(name: str) -> Iterator[None]:
    """Raise BuildError with the name of the SQL that is wrong."""
    try:
        yield
    except duckdb.Error as error:
        raise BuildError(f"sql {name}: {error}") from error


def _stand_in(con: duckdb.DuckDBPyConnection, relation: Relation | Macro) -> str:
    """A statement that puts the columns of a view or macro in its place, and no rows."""
    if isinstance(relation, Macro):  # its view has the same columns, and a stand-in already
        opening, query = relation.opening, f"from {relation.twin_of}"
    else:
        opening, query = f"create or replace view {relation.name} as", relation.query
    with naming(relation.name):
        rows = con.sql(query)
    columns = zip(rows.columns, rows.types, strict=True)
    nulls = ", ".join(f'null::{kind} as "{name}"' for name, kind in columns)
    return f"{opening} select {nulls} where false"
