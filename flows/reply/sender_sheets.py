"""The sender's sheets in the workbook that goes back: nothing in them can run, and the same input
gives the same bytes.

An .xlsx is kept as its sender formatted it (widths, fonts, merged cells, hidden columns); any other
format, and a sheet too long to copy, is written anew from its grid. Left behind on purpose:
formulas (their last values stay), macros, links, validation, conditional formats, charts, pivots.
"""

from __future__ import annotations

import collections
import contextlib
import math
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.worksheet import Worksheet

from flows.model.submission import Block
from flows.read.grid import Grid
from flows.read.sheet_marks import EXTRACT
from flows.read.xlsx_conditions import read_range
from flows.read.xlsx_styles import feed, local_name
from flows.reply.cells import (
    FORMULA_SIGNS,
    cell_at,
    dress,
    measure_width,
    put_text,
    text_font,
    text_place,
)

_MAX_CELLS = 150_000  # of a file that is copied whole; of a longer one only rows with findings are
_MAX_XML = 40_000_000  # bytes of parts, unpacked, up to which openpyxl may load a file
_SPANNING = frozenset({"mergeCell", "hyperlink", "comment"})
_MAX_ROWS = 500  # rows with findings that are copied from a file too long to copy whole
_MEASURED = 200  # rows by which the width of a column is measured
_NUMBER = re.compile(r"[-+]?[\d,]{1,14}(\.\d+)?%?")
_HEADING_FILL = PatternFill("solid", fgColor="ECEFF1")


@dataclass(frozen=True)
class Copy:
    """A sheet of the sender's in the workbook: `rows` are those copied, None where all are."""

    sheet: Worksheet
    rows: frozenset[int] | None = None

    def holds(self, row: int | None) -> bool:
        """Whether a row of the sender's is there to be pointed at."""
        return row is not None and (self.rows is None or row in self.rows)


def copy_sheets(
    path: Path, grids: list[Grid], headers: dict[str | None, int]
) -> tuple[Workbook, dict[str | None, Copy]]:
    """The sender's sheets by name, in a workbook of their own."""
    workbook = _open_sent(path) if grids and all(grid.sheet for grid in grids) else None
    if workbook is not None and {grid.sheet for grid in grids} <= set(workbook.sheetnames):
        return workbook, {grid.sheet: Copy(workbook[str(grid.sheet)]) for grid in grids}
    workbook = _empty_workbook()
    copies = {}
    for grid in grids:
        rows = {n: list(row.values()) for n, row in enumerate(grid.table.to_pylist(), start=1)}
        copies[grid.sheet] = Copy(_write_rows(workbook, grid.sheet, rows, headers.get(grid.sheet)))
    return workbook, copies


def is_long(blocks: list[Block]) -> bool:
    """Whether a submission is too long to be copied whole."""
    return sum(block.rows * len(block.headings) for block in blocks) > _MAX_CELLS


def extract_sheets(
    blocks: list[Block], text: pa.Table, wanted: dict[str | None, set[int]]
) -> tuple[Workbook, dict[str | None, Copy]]:
    """Of a long submission: its headings and the rows with findings, at their own numbers, from the
    text that was read.
    """
    workbook = _empty_workbook()
    copies: dict[str | None, Copy] = {}
    for block in blocks:
        if (
            block.sheet in copies
        ):  # a further table on the same sheet: its rows are in the warehouse
            continue
        columns = {
            name: column_index_from_string(heading.letter) - 1
            for name, heading in block.headings.items()
        }
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
        sheet = _write_rows(workbook, block.sheet, rows, block.header_row)
        put_text(cell_at(sheet, block.header_row, width + 1), EXTRACT)
        sheet.column_dimensions[get_column_letter(width + 1)].hidden = True
        sheet.sheet_format.zeroHeight = True  # the rows that were not copied are not shown
        for n in rows:
            sheet.row_dimensions[n].height = 15
        copies[block.sheet] = Copy(sheet, frozenset(rows))
    return workbook, copies


def _spread(cells: dict[int, str | None], width: int) -> list[str | None]:
    return [cells.get(index) for index in range(width)]


def _empty_workbook() -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


def _open_sent(path: Path) -> Workbook | None:
    """An .xlsx with its formatting, made harmless; None where openpyxl cannot load it or it is too
    long.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            if (
                sum(part.file_size for part in parts.infolist()) > _MAX_XML
                or _count_spanned(parts) > _MAX_CELLS
            ):
                return None
        workbook = openpyxl.load_workbook(path, data_only=True, keep_links=False, keep_vba=False)
        for chart in workbook.chartsheets:
            workbook.remove(chart)
        for sheet in workbook.worksheets:
            _disarm(sheet)
    except (
        Exception
    ):  # the library's own errors have no common base; the grid is there to fall back on
        return None
    workbook.defined_names.clear()
    workbook.security = None
    return workbook


def _count_spanned(parts: zipfile.ZipFile) -> float:
    """Cells in ranges of which openpyxl makes every cell, however few of them the file holds."""
    spanned = 0.0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal spanned
        if local_name(tag) in _SPANNING:
            area = read_range(attributes.get("ref", ""))
            top, left, bottom, right = area or (0, 0, math.inf, 0)
            spanned += (bottom - top + 1) * (right - left + 1)

    for part in parts.namelist():  # a sheet may have any name
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = start
        with contextlib.suppress(expat.ExpatError):  # a picture, or what openpyxl will refuse
            feed(parser, parts, part)
    return spanned


def _disarm(sheet: Worksheet) -> None:
    """Values stay as they were; whatever could compute, fetch or hide is left behind."""
    sheet.conditional_formatting = ConditionalFormattingList()
    sheet.data_validations = DataValidationList()
    sheet.defined_names.clear()
    sheet.legacy_drawing = None
    for drawn in ("_pivots", "_charts"):  # the library has no public way to take them off
        setattr(sheet, drawn, [])
    sheet.sheet_view.tabSelected = False
    for table in sheet.tables.values():
        for column in table.tableColumns:
            column.calculatedColumnFormula = column.totalsRowFormula = None
    for cell in (
        sheet._cells.values()
    ):  # not iter_rows: one formatted cell at the far end would make billions
        if isinstance(cell, MergedCell):
            continue
        cell.hyperlink = None
        if isinstance(cell.value, str) and cell.data_type != "e":
            cell.data_type = "s"
            cell.quotePrefix = cell.value.startswith(FORMULA_SIGNS)


def _write_rows(
    workbook: Workbook, name: str | None, rows: dict[int, list[str | None]], header: int | None
) -> Worksheet:
    """A sheet of the given rows at their own numbers, every cell text."""
    sheet: Worksheet = workbook.create_sheet(
        (name or "报送内容 As sent").translate(str.maketrans("[]:*?/\\'", "________"))[:28]
    )
    widths: dict[int, float] = collections.defaultdict(float)
    for n, row in sorted(rows.items()):
        for index, text in enumerate(row, start=1):
            if text is not None:
                _write_cell(cell_at(sheet, n, index), text, is_heading=n == header)
                if (header or 1) <= n < (header or 1) + _MEASURED:
                    widths[index] = max(widths[index], measure_width(text))
    for index in range(1, max((len(row) for row in rows.values()), default=0) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = min(
            max(9, widths[index] + 2.5), 44
        )
    if header:
        sheet.freeze_panes = f"A{header + 1}"
    return sheet


def _write_cell(cell: Cell, text: str, *, is_heading: bool) -> None:
    put_text(cell, text)
    if is_heading:
        dress(
            cell,
            font=text_font(bold=True),
            fill=_HEADING_FILL,
            alignment=text_place(vertical="center", wrap_text=True),
        )
    elif _NUMBER.fullmatch(text):
        dress(cell, alignment=text_place(horizontal="right"))


def anchor_of(sheet: Worksheet, address: str) -> Cell:
    """The cell at an address, or the one that shows it where cells are merged; made visible."""
    row, column = coordinate_to_tuple(address)
    if isinstance(sheet.cell(row, column), MergedCell):
        spans = (span for span in sheet.merged_cells.ranges if address in span)
        row, column = next((span.min_row, span.min_col) for span in spans)
    cell = cell_at(sheet, row, column)
    sheet.sheet_state = "visible"
    if cell.row in sheet.row_dimensions:
        sheet.row_dimensions[cell.row].hidden = False
    for span in sheet.column_dimensions.values():
        if (span.min or 0) <= cell.column <= (span.max or 0):
            span.hidden = False
    return cell
