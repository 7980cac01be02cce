"""The sender's sheets in the workbook that goes back.

An .xlsx is kept as its sender formatted it (widths, fonts, merged cells, hidden columns:
`kept_sheets.py`); any other format, and a sheet too long to copy, is drawn anew from its grid,
every cell text.
"""

from __future__ import annotations

import collections
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from flows.model.submission import Block, index_of
from flows.read.grid import Grid
from flows.read.sheet_marks import EXTRACT
from flows.reply.looks import painted, put_text
from flows.reply.printed_text import clean_text, measure_width, size_comment
from flows.reply.wording import Grade
from flows.workbook.looks import PLAIN, Font, Place
from flows.workbook.sheet import Comment, Sheet, unused

MAX_CELLS = 150_000  # of a file that is copied whole; of a longer one only rows with findings are
_MAX_ROWS = 500  # rows with findings that are copied from a file too long to copy whole
_MEASURED = 200  # rows by which the width of a column is measured
_NUMBER = re.compile(r"[-+]?[\d,]{1,14}(\.\d+)?%?")
_HEADING = PLAIN._replace(
    font=Font(is_bold=True), fill="ECEFF1", place=Place(vertical="center", is_wrapped=True)
)
_RIGHT = PLAIN._replace(place=Place(horizontal="right"))


@dataclass(frozen=True)
class Copy(ABC):
    """A sheet of the sender's in the workbook: `rows` are those copied, None where all are."""

    title: str
    rows: frozenset[int] | None

    def holds(self, row: int | None) -> bool:
        """Whether a row of the sender's is there to be pointed at."""
        return row is not None and (self.rows is None or row in self.rows)

    @abstractmethod
    def mark(self, address: str, grade: Grade, comment: str | None) -> None:
        """Colour a cell by a grade, with a comment that says why."""


@dataclass(frozen=True)
class DrawnCopy(Copy):
    """A sheet drawn anew."""

    sheet: Sheet

    def mark(self, address: str, grade: Grade, comment: str | None) -> None:
        """Colour the cell, with a comment large enough to be read whole."""
        letters = address.rstrip("0123456789")
        row, column = int(address[len(letters) :]), index_of(letters) + 1
        self.sheet.restyle(row, column, painted(self.sheet.style_of(row, column), grade))
        if comment is not None:
            text = clean_text(comment)
            self.sheet.comments[address] = Comment(text, *size_comment(text))


def draw_copies(
    grids: list[Grid], headers: dict[str | None, int], listing: str
) -> dict[str | None, DrawnCopy]:
    """The sender's sheets by name, drawn anew; `listing`: the name of our own."""
    copies: dict[str | None, DrawnCopy] = {}
    for grid in grids:
        rows = {n: list(row.values()) for n, row in enumerate(grid.table.to_pylist(), start=1)}
        sheet = _draw_rows(grid.sheet, rows, headers.get(grid.sheet), copies, listing)
        copies[grid.sheet] = DrawnCopy(sheet.name, None, sheet)
    return copies


def is_long(blocks: list[Block]) -> bool:
    """Whether a submission is too long to be copied whole."""
    return sum(block.rows * len(block.headings) for block in blocks) > MAX_CELLS


def draw_extracts(
    blocks: list[Block], text: pa.Table, wanted: dict[str | None, set[int]], listing: str
) -> dict[str | None, DrawnCopy]:
    """Of a long submission: its headings and the rows with findings, at their own numbers, from the
    text that was read.
    """
    copies: dict[str | None, DrawnCopy] = {}
    for block in blocks:
        if (
            block.sheet in copies
        ):  # a further table on the same sheet: its rows are in the warehouse
            continue
        columns = {name: index_of(heading.letter) for name, heading in block.headings.items()}
        width = max(columns.values(), default=-1) + 1
        rows = {
            block.header_row: _spread(
                {columns[name]: h.text for name, h in block.headings.items()}, width
            )
        }
        numbers = pa.array(sorted(wanted.get(block.sheet, set()))[:_MAX_ROWS], pa.int32())
        mine = text.filter(
            pc.and_(
                pc.equal(text["_block"], pa.scalar(block.block)), pc.is_in(text["_row"], numbers)
            )
        )
        for row in mine.to_pylist():
            rows[row["_row"]] = _spread(
                {index: row[name] for name, index in columns.items()}, width
            )
        sheet = _draw_rows(block.sheet, rows, block.header_row, copies, listing)
        put_text(sheet, block.header_row, width + 1, EXTRACT, PLAIN)
        sheet.hidden.add(width + 1)
        sheet.is_extract = True  # the rows that were not copied are not shown
        sheet.heights = dict.fromkeys(rows, 15)
        copies[block.sheet] = DrawnCopy(sheet.name, frozenset(rows), sheet)
    return copies


def _spread(cells: dict[int, str | None], width: int) -> list[str | None]:
    return [cells.get(index) for index in range(width)]


def _draw_rows(
    name: str | None,
    rows: dict[int, list[str | None]],
    header: int | None,
    others: dict[str | None, DrawnCopy],
    listing: str,
) -> Sheet:
    """A sheet of the given rows at their own numbers, every cell text."""
    fit = (name or "报送内容 As sent").translate(str.maketrans("[]:*?/\\'", "________"))[:28]
    sheet = Sheet(unused(fit, [listing, *(other.title for other in others.values())]))
    widths: dict[int, float] = collections.defaultdict(float)
    for n, row in sorted(rows.items()):
        for index, text in enumerate(row, start=1):
            if text is not None:
                is_number = _NUMBER.fullmatch(text)
                style = _HEADING if n == header else _RIGHT if is_number else PLAIN
                put_text(sheet, n, index, text, style)
                if (header or 1) <= n < (header or 1) + _MEASURED:
                    widths[index] = max(widths[index], measure_width(text))
    for index in range(1, max((len(row) for row in rows.values()), default=0) + 1):
        sheet.widths[index] = min(max(9, widths[index] + 2.5), 44)
    sheet.frozen = header or 0
    return sheet
