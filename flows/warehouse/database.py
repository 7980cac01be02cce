"""Noun: the warehouse. The one place that opens DuckDB, locks it for writing and swaps it for readers.

`warehouse/jibao.duckdb` is the readers' copy: nobody writes to it, so it can be opened at any
time. A run works on its own copy under `warehouse/work/` and replaces the readers' copy in one
atomic rename: the run is the transaction, and one killed anywhere leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from flows import SQL_DIR
from flows.warehouse.deadline import watch

FILE_NAME = "jibao.duckdb"
_RUN = ", run "
SCHEMAS = ("ref", "ledger", "core", "quarantine", "staging", "derived", "metrics", "public")


class WarehouseError(Exception):
    """The warehouse cannot be used as asked; the text says why and what to do."""


def published_path(warehouse: Path) -> Path:
    """Where readers find the warehouse."""
    return warehouse / FILE_NAME


def _open(path: str = ":memory:", read_only: bool = False) -> duckdb.DuckDBPyConnection:
    return watch(duckdb.connect(path, read_only))


@contextlib.contextmanager
def read_published(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the readers' copy. Raises WarehouseError where there is none yet."""
    path = published_path(warehouse)
    if not path.exists():
        raise WarehouseError(f"there is no warehouse at {path} yet; run `jibao run` first")
    with read_only(path) as connection:
        yield connection


@contextlib.contextmanager
def read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that cannot change the file."""
    with contextlib.closing(_open(str(path), read_only=True)) as connection:
        yield connection


@contextlib.contextmanager
def write_to(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One transaction on a run's own file: all of it is kept, or none."""
    with contextlib.closing(_open(str(path))) as connection:
        connection.execute("begin transaction")
        yield connection
        connection.execute("commit")


@contextlib.contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database with the reference tables and macros, for checking text against rules."""
    with contextlib.closing(_open_scratch()) as connection:
        yield connection


@contextlib.contextmanager
def shared_scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """The same, made once a process: whoever uses it makes temporary tables only, which nobody else sees and which end with it."""
    with contextlib.closing(watch(_shared_scratch(os.getpid()).cursor())) as connection:
        yield connection


# a process that was forked off has none of the threads of its parent's database, and makes its own
@functools.cache
def _shared_scratch(_process: int) -> duckdb.DuckDBPyConnection:
    return _open_scratch()


def _open_scratch() -> duckdb.DuckDBPyConnection:
    connection = _open()
    create_schemas(connection)
    load_reference(connection)
    for path in scalar_macros(SQL_DIR):
        connection.execute(path.read_text(encoding="utf-8"))
    return connection


def scalar_macros(sql: Path) -> list[Path]:
    """The files of macros that give one value; those named `<schema>.<name>` give a table and need the views."""
    return [path for path in sorted((sql / "macros").glob("*.sql")) if "." not in path.stem]


def attach_published(connection: duckdb.DuckDBPyConnection, warehouse: Path | None) -> None:
    """The readers' copy as database `stood` beside a scratch one, to be read only; nothing where there is none."""
    if warehouse and published_path(warehouse).exists():
        connection.execute(f"attach '{str(published_path(warehouse)).replace(chr(39), chr(39) * 2)}' as stood (read_only)")


def find_syntax_error(expression: str) -> str | None:
    """What is wrong with an SQL expression, as far as its words alone tell; None where nothing is."""
    try:
        duckdb.extract_statements(f"select {expression}")
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None


def create_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """The schemas, each for one stage of the figures' life."""
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")


def load_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """`sql/reference/<name>.csv` becomes `ref.<name>`: codes stay text, `ord` and factors are numbers."""
    for path in sorted((SQL_DIR / "reference").glob("*.csv")):
        connection.register("incoming", _read_reference(path, path.stat().st_mtime_ns))
        connection.execute(f"create or replace table ref.{path.stem} as select * from incoming")
    connection.unregister("incoming")


@functools.cache
def _read_reference(path: Path, _modified_ns: int) -> pa.Table:
    """A file of reference as it was last written: read once, for every form and every file that is checked needs it."""
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    types = {c: _REFERENCE_TYPES.get(c, "varchar") for c in columns}
    with contextlib.closing(_open()) as connection:
        return connection.execute(f"from read_csv(?, header = true, columns = {types!r})", [str(path)]).to_arrow_table()


_REFERENCE_TYPES = {
    "factor": "decimal(18, 4)", "ord": "integer", "sdmx_unit_mult": "integer", "tolerance": "double", "tolerance_hard": "double",
    "seasons": "integer", "seasonal_window": "integer", "min_quarters": "integer", "is_robust": "boolean",
    "parameter_value": "double", "rank": "integer", "threshold_cny": "decimal(18, 2)",
}  # fmt: skip


def copy_public(run_file: Path, target: Path, leave_out: Sequence[str] = ()) -> None:
    """Write the public's copy: schema `public` and the reference tables as plain tables, with their words, and nothing else.

    Rows are written in order, so that the same warehouse gives the same tables. `leave_out` names tables, such as `ref.unit`.
    """
    target.unlink(missing_ok=True)
    with write_to(target) as connection:
        # the run's file is only read: the public's has no way back to it
        connection.execute(f"attach '{str(run_file).replace(chr(39), chr(39) * 2)}' as run (read_only)")
        named = connection.execute(
            """
            select schema_name, view_name as name, comment from duckdb_views()
            where database_name = 'run' and schema_name = 'public'
            union all
            select schema_name, table_name as name, comment from duckdb_tables()
            where database_name = 'run' and schema_name = 'ref'
            order by schema_name, name
            """
        ).fetchall()
        named = [(schema, name, words) for schema, name, words in named if f"{schema}.{name}" not in leave_out]
        for schema in ("ref", "public"):
            connection.execute(f"create schema if not exists {schema}")
        for schema, name, _ in named:
            connection.execute(f"create table {schema}.{name} as select * from run.{schema}.{name} order by all")
        comments = [f"comment on table {schema}.{name} is {_text(words)}" for schema, name, words in named if words]
        columns = connection.execute("""
            select c.schema_name, c.table_name, c.column_name, c.comment from duckdb_columns() as c
            where c.database_name = 'run' and c.comment is not null and (c.schema_name, c.table_name) in (
                select (t.schema_name, t.table_name) from duckdb_tables() as t where t.database_name = current_database()
            )
        """).fetchall()
        comments += [f'comment on column {schema}.{table}."{column}" is {_text(words)}' for schema, table, column, words in columns]
        for comment in comments:
            connection.execute(comment)


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write what a query gives, with a header. Returns the number of rows."""
    written = connection.execute(f"copy ({query}) to {_text(str(target))} (format csv, header)").fetchone()
    return int((written or (0,))[0])


def begin_copy(warehouse: Path, run_file: Path) -> None:
    """Give a run its own copy of the readers' file, or an empty one where there is none."""
    run_file.parent.mkdir(parents=True, exist_ok=True)
    published = published_path(warehouse)
    if published.exists():
        shutil.copyfile(published, run_file)


def swap_in(warehouse: Path, run_file: Path) -> None:
    """Put the run's file in the readers' place: readers see all of the run or nothing of it."""
    with run_file.open("rb") as handle:
        os.fsync(handle.fileno())
    os.replace(run_file, published_path(warehouse))


@contextlib.contextmanager
def exclusive(
    warehouse: Path, on_wait: Callable[[str], None], timeout_s: float = 3600, run: str = "", on_lost: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the warehouse for writing. A second run waits and says for whom; a holder that dies frees it.

    `run` names the holder besides its process. `on_lost` is given the name of the last holder where that died
    while it held the warehouse. Raises WarehouseError after `timeout_s` seconds of waiting.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    with (warehouse / ".lock").open("a+") as lock:
        deadline = time.monotonic() + timeout_s
        waiting = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "another process"
                if time.monotonic() > deadline:
                    raise WarehouseError(
                        f"{warehouse} is being written by {holder} for more than {timeout_s:.0f} s; wait for it or stop it, then run again"
                    ) from None
                if not waiting:
                    on_wait(f"waiting: {warehouse} is being written by {holder}")
                    waiting = True
                time.sleep(0.2)
        # who lets go wipes the name off: one that stands here still is of the dead
        lock.seek(0)
        _, _, lost = lock.read().partition(_RUN)
        if lost and on_lost:
            on_lost(lost)
        lock.truncate(0)
        lock.write(f"process {os.getpid()}" + (_RUN + run if run else ""))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
