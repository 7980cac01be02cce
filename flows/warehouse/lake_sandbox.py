"""SQL that a person typed, run on a lake: as in `flows.warehouse.sandbox`, with what a lake needs.

A lake's files have to be opened as they are needed: DuckDB may read those that the last commit
names, as it stands when the sandbox is opened, and no other. PostgreSQL refuses a reader's writes,
and what would reach it past DuckLake is refused by its name.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.warehouse.lake import (
    LAKE,
    LakeAddress,
    attach_lake_now,
    lake_connection,
    lake_in_words,
)
from flows.warehouse.sandbox import SHUT, Limits, Sandbox, open_sandbox
from flows.warehouse.sql_text import quote, quote_all

# functions and databases by which a SELECT comes to PostgreSQL; and what puts together text to run
_PAST_THE_LAKE = re.compile(
    r'postgres|pg_\w+|__ducklake\w*|ducklake_\w+|\bquery(?:_table)?"?\s*\(|u&', re.I
)
_OPENED_LATER = ("enable_external_access", "temp_directory")
_AMISS = (duckdb.IOException, duckdb.HTTPException, duckdb.InternalException, duckdb.FatalException)


class LakeSandbox(Sandbox):
    """A locked connection to a lake."""

    @contextlib.contextmanager
    def answer(self, query: str) -> Iterator[duckdb.DuckDBPyRelation]:
        """As of a file's; raises ValueError also for a query that goes past the lake."""
        if past := _PAST_THE_LAKE.search(query):
            name = past[0].rstrip('( "')
            raise ValueError(
                f"在湖仓的查询中不能用 {name} · {name} is refused in a query of a lake"
            )
        with super().answer(query) as relation:
            yield relation


def _list_files(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The files of every table, as of the snapshot that is attached."""
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables() "
        f"where database_name = {quote(LAKE)} order by all"
    ).fetchall()
    queries = [
        f"select data_file from ducklake_list_files({quote(LAKE)}, {quote(table)}, "
        f"schema => {quote(schema)})"
        for schema, table in tables
    ]
    return [file for query in queries for (file,) in con.execute(query).fetchall()]


@contextlib.contextmanager
def open_place(place: Path | LakeAddress, limits: Limits) -> Iterator[Sandbox]:
    """The warehouse at an address, locked. Raises WarehouseError where it cannot be used."""
    if isinstance(place, Path):
        with open_sandbox(place, limits) as sandbox:
            yield sandbox
        return
    shut = {name: value for name, value in SHUT.items() if name not in _OPENED_LATER}
    with lake_connection(place, shut | {"memory_limit": limits.memory}) as connection:
        attach_lake_now(connection, place)
        connection.execute(f"use {LAKE}")
        connection.execute(f"set allowed_paths = [{quote_all(_list_files(connection))}]")
        for name in reversed(_OPENED_LATER):
            connection.execute(f"set {name} = {quote(str(SHUT[name]))}")
        connection.execute("set lock_configuration = true")
        trouble = functools.partial(lake_in_words, place, *_AMISS)
        yield LakeSandbox(connection, trouble, limits)
