"""Cells of the workbooks that openpyxl writes: text that stays text, comments, sizes, pages."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, Literal

from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.reply.printed_text import (
    FONT,
    FORMULA_SIGNS,
    INK,
    clean_text,
    fit_height,
    measure_height,
    size_comment,
)

Line = Literal["thin", "medium", "dashed", "dotted", "hair"]

# made once for all workbooks, for `dress`
text_font = functools.cache(Font)
text_place = functools.cache(Alignment)
solid_fill = functools.cache(functools.partial(PatternFill, "solid"))
_NUMBERS = {
    "font": ("_fonts", "fontId"),
    "fill": ("_fills", "fillId"),
    "border": ("_borders", "borderId"),
    "alignment": ("_alignments", "alignmentId"),
}


def dress(cell: Cell, **styles: Font | PatternFill | Border | Alignment) -> None:
    """Give a cell its font, fill, border and alignment, each of them made once for all workbooks.

    openpyxl numbers the styles of a workbook, and finds the number by a hash of all that a style
    says, which takes longer than everything else about a cell. Here it is asked once a workbook for
    each style that is the very same.
    """
    styled: Any = cell
    if styled._style is None:
        styled._style = StyleArray()
    for name, style in styles.items():
        collection, key = _NUMBERS[name]
        collected = getattr(styled.parent.parent, collection)
        numbers = collected.__dict__.setdefault("numbers", {})
        if id(style) not in numbers:
            numbers[id(style)] = collected.add(style), style  # which is kept, and so is its id
        setattr(styled._style, key, numbers[id(style)][0])


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell at a row and column from 1. Raises TypeError for one that a merged range covers:
    such a cell holds no value.
    """
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{sheet.title}!{cell.coordinate} is covered by a merged range")
    return cell


@functools.cache
def frame_with(style: Line, color: str) -> Border:
    """The same line on all four sides."""
    side = Side(style, color=color)
    return Border(left=side, right=side, top=side, bottom=side)


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with: no formula, and no number either."""
    cell.value = clean_text(text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)


def fit_row(sheet: Worksheet, row: int, widths: Iterable[float]) -> None:
    """Make a row high enough for all the text in it, wrapped in columns so wide."""
    sheet.row_dimensions[row].height = fit_height(
        [
            measure_height([(str(cell_at(sheet, row, index).value or ""), 10)], width)
            for index, width in enumerate(widths, start=1)
        ]
    )


def put_comment(cell: Cell, text: str) -> None:
    """Write a comment, after the sender's own where there is one, large enough to be read whole."""
    comment = clean_text(f"{cell.comment.text}\n\n{text}" if cell.comment else text)
    width, height = size_comment(comment)
    cell.comment = Comment(comment, "jibao", width=width, height=height)


def put_plain(
    cell: Cell, text: str, *, bold: bool = False, color: str = INK, size: float = 10
) -> None:
    """Write text at the top of a cell, wrapped."""
    put_text(cell, text)
    dress(
        cell,
        font=text_font(name=FONT, size=size, bold=bold, color=color),
        alignment=text_place(vertical="top", wrap_text=True),
    )


def set_page(sheet: Worksheet, *, is_wide: bool = False, margin: float = 0.5) -> None:
    """Printed across one page; margins in inches."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if is_wide else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, margin)
