"""What a query gave, as CSV, JSON or Parquet: written by us from the rows, never by a statement.

A CSV is opened in spreadsheet programs, which compute what begins like a formula: such a text has
an apostrophe before it there. JSON and Parquet hold every text as it is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import duckdb

from flows.warehouse.sandbox import Sandbox

_ROWS = 2_048  # at a time, as DuckDB computes them: a row may be a megabyte
_ROW = "_row_of_the_result"  # a name that no column has
# what a spreadsheet program computes; a number or a moment with its sign is none
_COMPUTED = re.compile(r"[=@\t\r]|[+-](?![\d.,:]+(e[+-]?\d+)?%?$)", re.I)
_QUOTED = frozenset(',"\n\r')
_PIECE = 1 << 16  # characters sent at a time


class SentText(io.StringIO):
    """A text that is sent in pieces while it is written."""

    def __init__(self, send: Callable[[str], None]) -> None:
        super().__init__()
        self._send = send

    def write(self, text: str) -> int:
        """Keep a text until there is enough to send."""
        written = super().write(text)
        if self.tell() > _PIECE:
            self.flush()
        return written

    def flush(self) -> None:
        """Send what was kept."""
        if kept := self.getvalue():
            self._send(kept)
            self.seek(0)
            self.truncate()

    def __exit__(self, problem: type[BaseException] | None, *_: object) -> None:
        """Send the rest; of what failed nothing more is sent, so that the failure comes first."""
        if problem is None:
            self.flush()


def write_csv(sandbox: Sandbox, query: str, sink: TextIO) -> None:
    """A heading and the rows, as DuckDB prints values; null is empty, an empty text is quoted."""
    with sandbox.answer(query) as relation:
        sink.write(_csv_line(relation.columns))
        for row in _rows(relation.project("columns(*)::varchar")):
            sink.write(_csv_line(row))


def write_json(sandbox: Sandbox, query: str, sink: TextIO) -> None:
    """An array with an object a row; numbers stay numbers, to the last digit."""
    with sandbox.answer(query) as relation:
        begin = "[\n\t"
        for (row,) in _rows(relation.set_alias(_ROW).project(f"to_json({_ROW})::varchar")):
            sink.write(f"{begin}{row}")
            begin = ",\n\t"
        sink.write("[]\n" if begin.startswith("[") else "\n]\n")


def write_parquet(sandbox: Sandbox, query: str, target: Path) -> None:
    """The rows with their types."""
    import pyarrow.parquet

    with (
        sandbox.answer(query) as relation,
        relation.to_arrow_reader(_ROWS * 10) as batches,
        pyarrow.parquet.ParquetWriter(target, batches.schema) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)


def _rows(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[str | None, ...]]:
    while rows := relation.fetchmany(_ROWS):
        yield from rows


def _csv_line(cells: list[str] | tuple[str | None, ...]) -> str:
    return ",".join(map(_csv_cell, cells)) + "\n"


def _csv_cell(text: str | None) -> str:
    if text is None:
        return ""
    if _COMPUTED.match(text):
        text = f"'{text}"
    if not text or not _QUOTED.isdisjoint(text) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text
