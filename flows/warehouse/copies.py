"""Copies of the warehouse: a run's own file, the readers' file, the public's file, and exports.

The readers' copy is never written to: a run works on its own file, and one atomic rename puts that
in its place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from flows.warehouse.database import published_path, write_to
from flows.warehouse.sql_text import quote


def copy_public(run_file: Path, target: Path, leave_out: Sequence[str] = ()) -> None:
    """Write the public's copy: schema `public` and the reference tables, as plain tables.

    Rows are written in order, so that the same warehouse gives the same tables. `leave_out` names
    tables, such as `ref.unit`.
    """
    target.unlink(missing_ok=True)
    with write_to(target) as connection:
        # the run's file is only read: the public's has no way back to it
        connection.execute(f"attach {quote(str(run_file))} as run (read_only)")
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
        named = [
            (schema, name, words)
            for schema, name, words in named
            if f"{schema}.{name}" not in leave_out
        ]
        for schema in ("ref", "public"):
            connection.execute(f"create schema if not exists {schema}")
        for schema, name, _ in named:
            connection.execute(
                f"create table {schema}.{name} as select * from run.{schema}.{name} order by all"
            )
        comments = [
            f"comment on table {schema}.{name} is {quote(words)}"
            for schema, name, words in named
            if words
        ]
        columns = connection.execute("""
            select c.schema_name, c.table_name, c.column_name, c.comment from duckdb_columns() as c
            where c.database_name = 'run' and c.comment is not null
                and (c.schema_name, c.table_name) in (
                    select (t.schema_name, t.table_name) from duckdb_tables() as t
                    where t.database_name = current_database()
                )
        """).fetchall()
        comments += [
            f'comment on column {schema}.{table}."{column}" is {quote(words)}'
            for schema, table, column, words in columns
        ]
        for comment in comments:
            connection.execute(comment)


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write what a query gives, with a header. Returns the number of rows."""
    written = connection.execute(
        f"copy ({query}) to {quote(str(target))} (format csv, header)"
    ).fetchone()
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
