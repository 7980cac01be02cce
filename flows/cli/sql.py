"""`jibao sql` asks the warehouse, read-only and within limits."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from flows.cli.terminal import (
    PlaceOption,
    check_output,
    in_words,
    out,
    print_relation,
)
from flows.model.whole_file import whole_file
from flows.warehouse.lake import parse_address
from flows.warehouse.lake_sandbox import open_place
from flows.warehouse.sandbox import Limits, Sandbox, ask_in_child


class OutputFormat(StrEnum):
    """What `jibao sql` writes."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@in_words
def sql(
    query: Annotated[str, typer.Argument(help='A query, e.g. "from metrics.headline".')],
    warehouse: PlaceOption = "warehouse",
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
    place = parse_address(warehouse)
    if output is not None and isinstance(place, Path):
        check_output(output, place)
    limits = Limits(memory, seconds)
    with contextlib.nullcontext() if output is None else whole_file(output) as target:

        def work(send: Callable[[str], None]) -> None:
            with open_place(place, limits) as sandbox:
                _answer(sandbox, query, output_format, target, send)

        for text in ask_in_child(work, limits):
            sys.stdout.write(text)


def _answer(
    sandbox: Sandbox,
    query: str,
    form: OutputFormat,
    target: Path | None,
    send: Callable[[str], None],
) -> None:
    """Runs in the child: the result as text to be sent, or in the file."""
    if form == OutputFormat.table:
        with out.capture() as shown, sandbox.answer(query) as relation:
            print_relation(relation)
        send(shown.get())
    elif target is None:
        from flows.cli.result_files import SentText

        with SentText(send) as sink:
            _write_text(sandbox, query, form, sink)
    else:
        _write_file(sandbox, query, form, target)


def _write_text(sandbox: Sandbox, query: str, form: OutputFormat, sink: TextIO) -> None:
    from flows.cli.result_files import write_csv, write_json

    (write_csv if form == OutputFormat.csv else write_json)(sandbox, query, sink)


def _write_file(sandbox: Sandbox, query: str, form: OutputFormat, target: Path) -> None:
    from flows.cli.result_files import write_parquet

    if form == OutputFormat.parquet:
        write_parquet(sandbox, query, target)
    else:
        with target.open("w", encoding="utf-8", newline="") as sink:
            _write_text(sandbox, query, form, sink)
