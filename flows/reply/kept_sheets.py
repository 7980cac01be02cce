"""The sender's own workbook, as it goes back: its sheets as they were formatted, and nothing in
them that can run.

Left behind on purpose: formulas (their last values stay), macros, links, validation, conditional
formats, charts, pivots. It is the one workbook that openpyxl reads and writes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Border, PatternFill
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.worksheet import Worksheet

from flows.read.cell_facts import COMMENT_MARK
from flows.read.xlsx_conditions import read_range
from flows.read.xlsx_styles import feed, local_name
from flows.reply.cells import cell_at, dress, frame_with, put_comment, solid_fill
from flows.reply.drawn_onto import draw_onto
from flows.reply.printed_text import FORMULA_SIGNS
from flows.reply.sender_sheets import MAX_CELLS, Copy
from flows.reply.wording import GRADES, Grade
from flows.reply.workbook_file import save_workbook
from flows.workbook.sheet import Sheet

_MAX_XML = 40_000_000  # bytes of parts, unpacked, up to which openpyxl may load a file
_SPANNING = frozenset({"mergeCell", "hyperlink", "comment"})


@dataclass(frozen=True)
class KeptCopy(Copy):
    """A sheet of the sender's as it was formatted."""

    sheet: Worksheet

    def mark(self, address: str, grade: Grade, comment: str | None) -> None:
        """Colour the cell, or the one that shows it, and say why after the sender's own words."""
        cell = _anchor_of(self.sheet, address)
        frame = frame_with(grade.frame, grade.ink)
        dress(cell, fill=solid_fill(fgColor=grade.fill), border=frame)
        if comment is not None:
            put_comment(cell, comment)


@dataclass(frozen=True)
class KeptWorkbook:
    """The sender's workbook, and its sheets that were read."""

    workbook: Workbook
    copies: dict[str | None, Copy]

    def save(self, listing: Sheet, target: Path, when: dt.datetime) -> None:
        """Write it with our sheet before the sender's."""
        draw_onto(self.workbook.create_sheet(listing.name, 0), listing)
        self.workbook.active = 0
        save_workbook(self.workbook, target, when)


def keep_workbook(path: Path, names: Iterable[str], ours: Iterable[str]) -> KeptWorkbook | None:
    """The sender's workbook with the sheets of these names; None where openpyxl cannot load it, it
    is too long, or a sheet is not found. `ours`: the sheets of an earlier reply, which go.
    """
    workbook = _open_sent(path)
    wanted = list(names)
    if workbook is None or not set(wanted) <= set(workbook.sheetnames):
        return None
    copies: dict[str | None, Copy] = {}
    for name in wanted:
        copies[name] = KeptCopy(name, None, workbook[name])
    came_back = set(ours)
    for name in came_back & set(workbook.sheetnames):
        workbook.remove(workbook[name])
    if came_back:
        for name in wanted:
            _wipe_marks(workbook[name])
    return KeptWorkbook(workbook, copies)


def _open_sent(path: Path) -> Workbook | None:
    """An .xlsx with its formatting, made harmless; None where openpyxl cannot load it or it is too
    long.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            if (
                sum(part.file_size for part in parts.infolist()) > _MAX_XML
                or _count_spanned(parts) > MAX_CELLS
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


def _wipe_marks(sheet: Worksheet) -> None:
    """Take off the colours and comments of an earlier reply, so that only what is wrong now is
    marked.
    """
    fills = {grade.fill for grade in GRADES.values()}
    for cell in sheet._cells.values():
        if isinstance(cell, MergedCell):
            continue
        if cell.comment and (match := COMMENT_MARK.search(cell.comment.text)):
            own = cell.comment.text[: match.start()].strip()
            cell.comment = Comment(own, cell.comment.author) if own else None
        if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[2:] in fills:
            cell.fill, cell.border = PatternFill(), Border()


def _anchor_of(sheet: Worksheet, address: str) -> Cell:
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
