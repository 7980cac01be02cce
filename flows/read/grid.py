"""Sheets of text as they were sent. Opens CSV, TSV, XLSX, XLS and ODS; casts nothing.

In: a file. Out: `Grid`s whose cells are text or None, rows and columns where the sender's own
program shows them. What cannot be opened raises `UnreadableError` with the rule it breaks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from flows.model.errors import UnreadableError
from flows.model.submission import letter_of
from flows.read import limits
from flows.read.cell_facts import Range, SheetFacts
from flows.read.file_type import is_workbook, refuse_markup
from flows.read.text_file import decode, find_delimiter, point_decimals
from flows.read.workbook import open_sheets

__all__ = ["HEAD_ROWS", "Grid", "UnreadableError", "count_filled", "open_grids"]

HEAD_ROWS = 200  # as far down as a heading row is looked for
_SMALL_BYTES = 2_000_000  # up to here the tolerant row-by-row reader is fast enough


@dataclass
class Grid:
    """One sheet. `head` holds its first rows; `columns` gives the rest, as Arrow text by column
    index.
    """

    sheet: str | None
    head: list[list[str | None]]
    table: pa.Table  # every row; columns named by their index "0", "1", …; empty cells are NULL
    encoding: str | None = None
    delimiter: str | None = None
    # cells merged into one, as (first row, first column, last row, last column) from 0
    merged: tuple[Range, ...] = ()
    is_hidden: bool = False
    facts: SheetFacts | None = None  # of a workbook: what there is to say of its cells


def open_grids(path: Path) -> list[Grid]:
    """Every sheet of a file, empty ones left out. Raises UnreadableError."""
    limits.check_limit("file_bytes", path.stat().st_size)
    content = path.read_bytes()
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise UnreadableError("FILE-EMPTY")
    if is_workbook(content):
        grids = [
            _grid_of_rows(
                sheet.rows,
                sheet.name,
                merged=sheet.merged,
                is_hidden=sheet.is_hidden,
                facts=sheet.facts,
            )
            for sheet in open_sheets(content)
        ]
    else:
        grids = [_open_text(content)]
    grids = [
        grid
        for grid in grids
        if any(column.null_count < len(column) for column in grid.table.columns)
    ]
    if not grids:
        raise UnreadableError("FILE-EMPTY")
    for grid in grids:
        _check_size(grid)
    return grids


def _check_size(grid: Grid) -> None:
    """Refuse a sheet with too many rows or columns, with a cell that no cell can hold, or with more
    words beside its cells than anyone reads.
    """
    for text in (grid.sheet or "", *(grid.facts.list_beside() if grid.facts else ())):
        limits.check_limit("beside_characters", len(text), beginning=text[:40])
    limits.check_extent(grid.sheet, grid.table.num_rows, grid.table.num_columns)
    digits = limits.limit_of("digits")
    for index, column in enumerate(grid.table.columns):
        longest = pc.max(pc.utf8_length(column)).as_py() or 0
        if longest <= digits:
            continue
        numbers = pc.match_substring_regex(column, rf"^[-+]?[0-9.,]{{{digits},}}$")
        number = pc.max(pc.utf8_length(column.filter(numbers))).as_py() or 0
        for name, figure in (("digits", number), ("cell_characters", longest)):
            if figure > limits.limit_of(name):
                row = pc.index(pc.utf8_length(column), figure).as_py() + 1
                letter = letter_of(index)
                where = limits.name_sheet(grid.sheet) | {"cell": f"{letter}{row}"}
                problem = limits.refuse(name, figure, **where)
                problem.place = (grid.sheet, row, letter)
                raise problem


def _grid_of_rows(rows: list[list[str | None]], sheet: str | None, **decided: Any) -> Grid:
    width = max((len(row) for row in rows), default=0)
    padded = [row + [None] * (width - len(row)) for row in rows]
    columns = list(zip(*padded, strict=True)) if padded else []
    if not any(cell for row in rows for cell in row):
        columns = []
    table = (
        pa.table({str(i): pa.array(c, pa.string()) for i, c in enumerate(columns)})
        if columns
        else pa.table({})
    )
    return Grid(sheet, padded[:HEAD_ROWS], table, **decided)


def _open_text(content: bytes) -> Grid:
    encoding, text = decode(content)
    refuse_markup(text)
    delimiter = find_delimiter(text[:200_000])
    if len(content) > _SMALL_BYTES and delimiter.isascii():
        grid = _open_large(content if encoding == "utf-8" else text.encode(), delimiter, encoding)
        if grid is not None:
            return grid
    rows = [
        [cell.strip() or None for cell in row]
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    ]
    if delimiter in ";；":
        rows = point_decimals(rows)
    return _grid_of_rows(rows, None, encoding=encoding, delimiter=delimiter)


def _open_large(content: bytes, delimiter: str, encoding: str) -> Grid | None:
    """The fast reader, for a big file whose rows are all of one width.

    None leaves the file to the tolerant one.
    """
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(content),
            read_options=pyarrow.csv.ReadOptions(
                autogenerate_column_names=True, block_size=8 << 20
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={f"f{i}": pa.string() for i in range(limits.limit_of("columns"))},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    # spaces around a cell are not content; without a byte of one, or a quote that may hold one,
    # there are none
    has_space = any(
        mark in content
        for mark in (
            b" ",
            b"\t",
            b'"',
            b"\x0b",
            b"\x0c",
            b"\xc2",
            b"\xe1\x9a",
            b"\xe2",
            b"\xe3\x80\x80",
        )
    )
    table = pa.table(
        {str(i): _strip(column) if has_space else column for i, column in enumerate(table.columns)}
    )
    head = [list(row.values()) for row in table.slice(0, HEAD_ROWS).to_pylist()]
    return Grid(None, head, table, encoding, delimiter)


def _strip(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Cells without the spaces around them; most columns have none and are left as they are."""
    if not pc.any(pc.match_substring_regex(column, r"^[\s\pZ]|[\s\pZ]$")).as_py():
        return column
    trimmed = pc.utf8_trim_whitespace(column)
    stripped: pa.ChunkedArray[Any] = pc.if_else(pc.equal(trimmed, pa.scalar("")), None, trimmed)
    return stripped


def count_filled(body: pa.Table, indexes: Iterable[int]) -> pa.Array[Any]:
    """How many of the cells at those columns each row fills."""
    total = np.zeros(body.num_rows, dtype=np.int16)
    for index in indexes:
        column = body.column(str(index))
        total += column.is_valid().to_numpy() if column.null_count else 1
    return pa.array(total)
