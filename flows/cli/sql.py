"""The command line: `jibao sql` asks the warehouse, read-only."""

from __future__ import annotations

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from flows.cli.terminal import WarehouseOption, in_words, print_relation
from flows.warehouse.database import read_published
from flows.warehouse.sql_text import quote


class Format(StrEnum):
    """What `jibao sql` writes."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@in_words
def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "from metrics.headline".')],
    warehouse: WarehouseOption = Path("warehouse"),
    format: Annotated[
        Format, typer.Option(help="A table to read, or a file format.")
    ] = Format.table,
    output: Annotated[
        Path | None, typer.Option(help="Write here instead of to the screen (needed for parquet).")
    ] = None,
) -> None:
    """Query the warehouse, read-only."""
    if format == Format.parquet and output is None:
        raise ValueError("parquet is not text: say where to write it with --output FILE")
    with read_published(warehouse) as con:
        if format != Format.table:
            _write_result(con, query, format, output)
        elif (relation := con.sql(query)) is not None:
            print_relation(relation)


def _write_result(
    con: duckdb.DuckDBPyConnection, query: str, format: Format, output: Path | None
) -> None:
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        target = output or Path(folder) / "result"
        options = {
            "csv": "(format csv, header)",
            "json": "(format json, array true)",
            "parquet": "(format parquet)",
        }[format]
        con.execute(f"copy (\n{query.rstrip().rstrip(';')}\n) to {quote(str(target))} {options}")
        if output is None:
            sys.stdout.write(target.read_text(encoding="utf-8"))
