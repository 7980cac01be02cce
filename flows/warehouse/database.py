"""The warehouse in DuckDB: every connection of the pipeline is opened here.

`warehouse/jibao.duckdb` is the readers' copy: nobody writes to it, so it can be opened at any time.
A run works on its own copy under `warehouse/work/` and replaces the readers' copy in one atomic
rename: the run is the transaction, and one killed anywhere leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows import SQL_DIR
from flows.model.errors import WarehouseError
from flows.warehouse.damage import damage_in_words, no_warehouse
from flows.warehouse.deadline import interruptible
from flows.warehouse.sql_text import quote
from flows.warehouse.version import refuse_newer, version_in_words

if TYPE_CHECKING:
    import pyarrow as pa

FILE_NAME = "jibao.duckdb"
SCHEMAS = ("ref", "ledger", "core", "quarantine", "staging", "derived", "metrics", "public")


def published_path(warehouse: Path) -> Path:
    """Where readers find the warehouse."""
    return warehouse / FILE_NAME


@contextlib.contextmanager
def _connected(
    path: str = ":memory:", read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(path, read_only) as connection, interruptible(connection):
        yield connection


def fetch_rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()
) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns."""
    result = connection.execute(query, list(values))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@contextlib.contextmanager
def read_published(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the readers' copy. Raises WarehouseError where there is none,
    and where a newer program wrote it.
    """
    path = published_path(warehouse)
    if not path.exists():
        raise WarehouseError(no_warehouse(path))
    with damage_in_words(path), read_only(path) as connection, version_in_words(connection, path):
        yield connection


@contextlib.contextmanager
def kept_readable(warehouse: Path) -> Iterator[None]:
    """Keep the readers' copy open for those who ask it several things, each by a connection of its
    own. Where it is not there or cannot be opened, these say so, or do without.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(duckdb.Error):
            stack.enter_context(duckdb.connect(str(published_path(warehouse)), read_only=True))
        yield


@contextlib.contextmanager
def read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that cannot change the file."""
    with _connected(str(path), read_only=True) as connection:
        yield connection


@contextlib.contextmanager
def kept_open(path: Path) -> Iterator[None]:
    """Keep a run's own file open for the steps of the run, which share it.

    To open a file of some hundred views takes DuckDB 30 ms and to close it after a change 20 ms; a
    run of one file opens it about twenty times.
    """
    with duckdb.connect(str(path)):
        yield


@contextlib.contextmanager
def share_run(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a run's own file, which may be open beside."""
    with _connected(str(path)) as connection:
        yield connection


def read_run(path: Path) -> contextlib.AbstractContextManager[duckdb.DuckDBPyConnection]:
    """One transaction that only reads a run's own file."""
    return _transaction(path, "begin transaction read only")


def write_to(path: Path) -> contextlib.AbstractContextManager[duckdb.DuckDBPyConnection]:
    """One transaction on a run's own file: all of it is kept, or none."""
    return _transaction(path, "begin transaction")


@contextlib.contextmanager
def _transaction(path: Path, begin: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with share_run(path) as connection:
        connection.execute(begin)
        yield connection
        connection.execute("commit")


@contextlib.contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database with the reference tables and macros, to check text against rules."""
    with contextlib.closing(_open_scratch()) as connection, interruptible(connection):
        yield connection


@contextlib.contextmanager
def shared_scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """The same, made once a process: whoever uses it makes temporary tables only.

    Nobody else sees these, and they end with the connection.
    """
    scratch = _shared_scratch(os.getpid())
    with contextlib.closing(scratch.cursor()) as connection, interruptible(connection):
        yield connection


FEW_ROWS = 20_000  # of one batch


def suit_threads(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """One thread for a few rows, all of them for many.

    To share a few rows out among threads costs a quarter of the time of a small submission.
    """
    connection.execute("set threads = 1" if rows < FEW_ROWS else "reset threads")


def suit_threads_to_file(connection: duckdb.DuckDBPyConnection) -> None:
    """The same by the rows of all tables of a file, for whoever has it open."""
    [(rows,)] = connection.execute(
        "select sum(estimated_size) from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    suit_threads(connection, rows or 0)


def bring_in(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Make a table of an Arrow table of moderate size, in place of one of that name: a temporary
    one where `name` has no schema.

    A scan of what is only registered costs half a millisecond more, and one with a filter, which
    goes through pyarrow, up to 25.
    """
    kind = "table" if "." in name else "temp table"
    connection.register("incoming", table)
    connection.execute(f"create or replace {kind} {name} as from incoming")
    connection.unregister("incoming")


# a process that was forked off has none of the threads of its parent's database, and makes its own
@functools.cache
def _shared_scratch(_process: int) -> duckdb.DuckDBPyConnection:
    return _open_scratch()


def _open_scratch() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    with interruptible(connection):
        create_schemas(connection)
        load_reference(connection)
        for path in scalar_macros(SQL_DIR):
            connection.execute(path.read_text(encoding="utf-8"))
    return connection


def scalar_macros(sql: Path) -> list[Path]:
    """The files of macros that give one value.

    Those named `<schema>.<name>` give a table, and need the views.
    """
    return [path for path in sorted((sql / "macros").glob("*.sql")) if "." not in path.stem]


def attach_published(
    connection: duckdb.DuckDBPyConnection, warehouse: Path | None, name: str = "stood"
) -> None:
    """Attach the readers' copy as `name`, to be read only, where there is one."""
    if warehouse and (path := published_path(warehouse)).exists():
        with damage_in_words(path):
            connection.execute(f"attach {quote(str(path))} as {name} (read_only)")
            refuse_newer(connection, path, name)


def has_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether a table that is there has a column; a warehouse of an earlier version may lack it."""
    # no parameter: to convert one DuckDB imports pandas, for which the caller would wait
    query = f"select 1 from (describe {table}) where column_name = {quote(column)}"
    return connection.execute(query).fetchone() is not None


def find_syntax_error(expression: str) -> str | None:
    """What is wrong with an SQL expression, as far as its words tell; None where nothing is."""
    try:
        duckdb.extract_statements(f"select {expression}")
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None


def create_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """The schemas, each for one step of the figures' life."""
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")


def load_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `ref.<name>` of `sql/reference/<name>.csv`: codes stay text, factors are numbers.

    All of them in one script that leaves nothing to be guessed: one by one they take three times
    as long, and every form and every file needs them.
    """
    statements = []
    for path in sorted((SQL_DIR / "reference").glob("*.csv")):
        with path.open(encoding="utf-8") as source:
            columns = source.readline().strip().split(",")
        types = {c: _REFERENCE_TYPES.get(c, "varchar") for c in columns}
        statements.append(
            f"create or replace table ref.{path.stem} as from read_csv({quote(str(path))}, "
            f"auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            f"columns = {types!r})"
        )
    connection.execute("; ".join(statements))


_REFERENCE_TYPES = {
    "care_limit": "double",
    "factor": "decimal(18, 4)",
    "festival_date": "date",
    "festival_year": "integer",
    "forecast_quarters": "integer",
    "is_lower_better": "boolean",
    "is_required": "boolean",
    "is_robust": "boolean",
    "min_quarters": "integer",
    "min_years": "integer",
    "ord": "integer",
    "overlap_value_new": "decimal(28, 6)",
    "overlap_value_old": "decimal(28, 6)",
    "parameter_value": "double",
    "rank": "integer",
    "sdmx_unit_mult": "integer",
    "seasonal_window": "integer",
    "seasons": "integer",
    "spring_festival_days": "integer",
    "threshold_cny": "decimal(18, 2)",
    "tolerance": "double",
    "tolerance_hard": "double",
    "usable_limit": "double",
}
