"""`jibao sql` asks the warehouse, read-only and within limits."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from flows.cli.terminal import (
    WarehouseOption,
    in_words,
    no_folder,
    print_relation,
    refuse_own_places,
)
from flows.model.whole_file import whole_file
from flows.warehouse.sandbox import Limits, Sandbox, open_sandbox


class OutputFormat(StrEnum):
    """What `jibao sql` writes."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@in_words
def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "from metrics.headline".')],
    warehouse: WarehouseOption = Path("warehouse"),
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="A table to read, or a file format.")
    ] = OutputFormat.table,
    output: Annotated[
        Path | None, typer.Option(help="Write here instead of to the screen (needed for parquet).")
    ] = None,
    memory: Annotated[str, typer.Option(help="The most memory a query may take.")] = Limits.memory,
    seconds: Annotated[
        float, typer.Option(help="The most seconds a query may take.")
    ] = Limits.seconds,
) -> None:
    """Query the warehouse, read-only: one SELECT, which reads no other file and writes none."""
    if output_format == OutputFormat.parquet and output is None:
        raise ValueError(
            "parquet 不是文本，请用 --output 指定文件 · "
            "parquet is not text: say where to write it with --output FILE"
        )
    if output_format == OutputFormat.table and output is not None:
        raise ValueError(
            "用 --output 时请指定 --format csv、json 或 parquet · "
            "--output needs a file format: say --format csv, json or parquet"
        )
    if output is not None:
        refuse_own_places(output, warehouse)
    with open_sandbox(warehouse, Limits(memory, seconds)) as sandbox:
        if output_format == OutputFormat.table:
            with sandbox.answer(query) as relation:
                print_relation(relation)
        elif output is None:
            _write_text(sandbox, query, output_format, sys.stdout)
        else:
            _write_file(sandbox, query, output_format, output)


def _write_text(sandbox: Sandbox, query: str, form: OutputFormat, sink: TextIO) -> None:
    from flows.cli.result_files import write_csv, write_json

    (write_csv if form == OutputFormat.csv else write_json)(sandbox, query, sink)


def _write_file(sandbox: Sandbox, query: str, form: OutputFormat, target: Path) -> None:
    """The result in a file, beside its place first: a query that fails leaves what was there."""
    from flows.cli.result_files import write_parquet

    if not target.parent.is_dir():
        raise FileNotFoundError(no_folder(target))
    with whole_file(target) as beside:
        if form == OutputFormat.parquet:
            write_parquet(sandbox, query, beside)
        else:
            with beside.open("w", encoding="utf-8", newline="") as sink:
                _write_text(sandbox, query, form, sink)
