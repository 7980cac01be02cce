"""Which version of the program wrote a warehouse, and what this version makes of it.

Forward only: an earlier warehouse is brought up in a run's own copy (`flows.load.step.prepare` adds
tables and columns, `sql/migrations/<schema>.sql` fills what they cannot be left without); a newer
one is refused, and nothing is touched.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows import SQL_DIR
from flows.model.errors import WarehouseError

PROGRAM = "0.2.0"  # as in pyproject.toml
# counts on where a table loses a column, or means something else by it, or has to be filled: then
# `sql/migrations/<SCHEMA>.sql` says how a warehouse of the schema before becomes one of this
SCHEMA = 2
_UNNOTED = 1  # of 0.1.0 and 0.2.0, which did not note it


def schema_of(connection: duckdb.DuckDBPyConnection, catalog: str | None = None) -> tuple[int, str]:
    """The schema of a warehouse, and the program that built it; of none built yet, today's."""
    table = f"{catalog}.ref.build" if catalog else "ref.build"
    try:  # duckdb_columns() would bind every view of every database, a lake's too
        columns = connection.execute(f"describe {table}").fetchall()
    except duckdb.CatalogException:
        return SCHEMA, PROGRAM
    if "schema_version" not in {name for name, *_ in columns}:
        return _UNNOTED, ""
    row = connection.execute(f"select schema_version, program_version from {table}").fetchone()
    return row or (SCHEMA, PROGRAM)


def refuse_newer(
    connection: duckdb.DuckDBPyConnection, path: Path, catalog: str | None = None
) -> tuple[int, str]:
    """The schema and the program of a warehouse. Raises WarehouseError, with the way out, where a
    newer program has made it.
    """
    schema, program = schema_of(connection, catalog)
    if schema > SCHEMA:
        raise newer_in_words(path, f"jibao {program}, schema {schema}; jibao {PROGRAM}: {SCHEMA}")
    return schema, program


def newer_in_words(path: Path, detail: str) -> WarehouseError:
    """What is said of a warehouse that a newer program wrote."""
    return WarehouseError(
        f"数据仓库 {path} 由更新版本的程序写成，本程序不改动它；请升级本程序，或用 jibao run "
        f"--rebuild 由 raw/ 按本版本重建 · {path} was written by a newer version of the program; "
        "nothing was touched. Upgrade this program, or let `jibao run --rebuild` make it anew "
        f"from raw/ as this version knows it ({detail})"
    )


@contextlib.contextmanager
def version_in_words(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Raises WarehouseError where a warehouse is newer, or older and lacks what is asked of it."""
    schema, _ = refuse_newer(connection, path)
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        if schema == SCHEMA:
            raise
        message = str(error).splitlines()[0]
        raise WarehouseError(
            f"数据仓库 {path} 由较早版本的程序写成，请先用 jibao run 升级 · {path} was written by "
            f"an earlier version of the program; `jibao run` brings it up ({message})"
        ) from error


def migrate(connection: duckdb.DuckDBPyConnection, schema: int) -> None:
    """Fill what a warehouse of `schema` cannot be left without, step by step; its tables and
    columns are there.
    """
    for step in range(schema + 1, SCHEMA + 1):
        path = SQL_DIR / "migrations" / f"{step}.sql"
        connection.execute(path.read_text(encoding="utf-8"))
