"""Cells of the workbooks that we write: text that stays text, comments, sizes, pages."""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.colors import Color
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Line = Literal["thin", "medium", "dashed", "dotted"]
FONT, INK, QUIET = "Microsoft YaHei", "1F2933", "66727E"

_TEXT = 32_000  # characters a cell can hold, less a little

FORMULA_SIGNS = ("=", "+", "-", "@")  # a spreadsheet program takes what begins so for a formula


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


_UNFIT = dict.fromkeys(n for n in range(ord(" ")) if chr(n) not in "\n\t")


def clean_text(text: str) -> str:
    """Text without the characters that a workbook cannot hold."""
    return text[:_TEXT].translate(_UNFIT)


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with: no formula, and no number either."""
    cell.value = clean_text(text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)


@functools.cache
def _inline_font(color: str, size: float, bold: bool | None = None) -> InlineFont:
    return InlineFont(rFont=FONT, sz=size, b=bold, color=Color(color))


def put_both(cell: Cell, zh: str, en: str, *, size: float = 10, bold: bool = False) -> None:
    """Chinese over English in one cell, the English smaller and quieter."""
    cell.value = CellRichText(
        TextBlock(_inline_font(INK, size, bold), clean_text(zh) + "\n"),
        TextBlock(_inline_font(QUIET, size - 1.5), clean_text(en)),
    )
    dress(cell, font=text_font(name=FONT, size=size, color=INK))
    cell.quotePrefix = zh.startswith(FORMULA_SIGNS)


def fit_row(sheet: Worksheet, row: int, widths: Iterable[float]) -> None:
    """Make a row high enough for all the text in it, wrapped in columns so wide."""
    heights = [0.0]
    for index, width in enumerate(widths, start=1):
        value = cell_at(sheet, row, index).value
        blocks = (
            [(b.text, b.font.sz or 10) for b in value if isinstance(b, TextBlock)]
            if isinstance(value, CellRichText)
            else [(str(value or ""), 10)]
        )
        heights.append(
            sum(
                1.55 * size * _count_lines(text.removesuffix("\n"), width * 10 / size)
                for text, size in blocks
            )
        )
    sheet.row_dimensions[row].height = min(max(heights) + 8, 405)


def measure_width(text: str) -> int:
    """How wide text is printed, in columns: a Chinese character takes two."""
    return len(text) if text.isascii() else sum(map(_width_of, text))


@functools.cache
def _width_of(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _count_lines(text: str, width: float) -> int:
    """Lines that text takes in a column so wide; where words are kept whole, lines are not quite
    full.
    """
    return sum(
        max(1, math.ceil(measure_width(line) * 1.04 / max(width - 2, 1)))
        for line in text.split("\n")
    )


def put_comment(cell: Cell, text: str) -> None:
    """Write a comment, after the sender's own where there is one, large enough to be read whole."""
    comment = clean_text(f"{cell.comment.text}\n\n{text}" if cell.comment else text)
    cell.comment = Comment(
        comment, "jibao", width=400, height=min(17 * _count_lines(comment, 60) + 24, 640)
    )


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
