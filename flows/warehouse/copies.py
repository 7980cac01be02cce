"""Copies of the warehouse: a run's own file, the readers' file, the public's file, and exports.

The readers' copy is never written to: a run works on its own file, and one atomic rename puts that
in its place.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from flows.warehouse.database import published_path, share_run
from flows.warehouse.sql_text import quote


def copy_public(
    run_file: Path,
    target: Path,
    leave_out: Sequence[str] = (),
    standing: Path | None = None,
    changed: Sequence[str] = (),
    gone: Sequence[str] = (),
) -> None:
    """Write the public's copy: schema `public` and the reference tables, as plain tables.

    Rows are written in order, so that the same warehouse gives the same tables. `leave_out` names
    tables, such as `ref.unit`. Where a copy made by the same views is `standing`, only the zones
    `changed` are asked of the views. The file is made anew in any case: rows that were deleted from
    one would stay in it to be found.
    """
    with share_run(run_file) as connection:
        for catalog in ("public_copy", "standing_copy"):  # of a try before this one
            connection.execute(f"detach database if exists {catalog}")
        target.unlink(missing_ok=True)
        connection.execute(f"attach {quote(str(target))} as public_copy (block_size 16384)")
        is_standing = False
        if standing:
            with contextlib.suppress(duckdb.Error):  # lost or damaged: all of it is asked anew
                connection.execute(f"attach {quote(str(standing))} as standing_copy (read_only)")
                is_standing = True
        relations = [
            (f"{schema}.{name}", comment)
            for schema, name, comment in connection.execute(_PUBLISHED).fetchall()
            if f"{schema}.{name}" not in leave_out
        ]
        names = [relation for relation, _ in relations]
        columns = [
            (relation, column, comment)
            for relation, column, comment in connection.execute(_COLUMN_COMMENTS).fetchall()
            if relation in names
        ]
        words = [
            f"comment on table public_copy.{relation} is {quote(comment)}"
            for relation, comment in relations
            if comment
        ]
        words += [
            f'comment on column public_copy.{relation}."{column}" is {quote(comment)}'
            for relation, column, comment in columns
        ]
        # DuckDB lets a transaction write to one file alone: this one writes to the public's
        connection.execute("begin transaction")
        try:
            for schema in ("ref", "public"):
                connection.execute(f"create schema public_copy.{schema}")
            for relation in names:
                is_kept = is_standing and relation.startswith("public.")
                rows = _renew(relation, changed, gone) if is_kept else f"select * from {relation}"
                connection.execute(f"create table public_copy.{relation} as {rows} order by all")
            connection.execute("; ".join(words))  # some hundred: one by one they take twice as long
            connection.execute("commit")
        except Exception:  # half a copy is none
            connection.execute("rollback")
            connection.execute("detach public_copy")
            target.unlink(missing_ok=True)
            raise
        connection.execute("detach public_copy")
        if is_standing:
            connection.execute("detach standing_copy")


def _renew(relation: str, changed: Sequence[str], gone: Sequence[str]) -> str:
    """A query for the rows of a view of the public: those of a copy that stands, but for the zones
    that have changed or are gone.
    """
    others = ", ".join(quote(zone) for zone in (*changed, *gone)) or "''"
    parts = [f"select * from standing_copy.{relation} where zone not in ({others})"]
    parts += [f"select * from {relation} where zone = {quote(zone)}" for zone in changed]
    return f"({' union all by name '.join(parts)})"


_PUBLISHED = """
    select schema_name, view_name as name, comment from duckdb_views()
    where database_name = current_database() and schema_name = 'public'
    union all
    select schema_name, table_name as name, comment from duckdb_tables()
    where database_name = current_database() and schema_name = 'ref'
    order by schema_name, name
"""
_COLUMN_COMMENTS = """
    select schema_name || '.' || table_name, column_name, comment from duckdb_columns()
    where database_name = current_database() and comment is not null
    order by all
"""


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write what a query gives, with a header. Returns the number of rows."""
    return _copy(connection, query, target, "format csv, header")


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write what a query gives, with its types. Returns the number of rows."""
    return _copy(connection, query, target, "format parquet, compression zstd")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path, options: str) -> int:
    written = connection.execute(f"copy ({query}) to {quote(str(target))} ({options})").fetchone()
    return int((written or (0,))[0])


def link_or_copy(there: Path, here: Path) -> None:
    """The same file at another place as well; a copy, on a file system without links. Raises
    FileNotFoundError where it is not there.
    """
    here.unlink(missing_ok=True)
    try:
        os.link(there, here)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(there, here)


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
