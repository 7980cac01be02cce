"""A sheet that we have drawn, put into a workbook that openpyxl writes."""

from __future__ import annotations

import functools
from typing import Any, cast

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from flows.reply.cells import Line, dress, set_page, solid_fill
from flows.workbook import looks
from flows.workbook.sheet import Page, Sheet, Value


def draw_onto(target: Worksheet, sheet: Sheet) -> None:
    """Write all that a sheet of ours has into an empty one; ours has no comments."""
    _put_cells(target, sheet)
    for span in sheet.merged:
        target.merge_cells(span)
    for row, height in sheet.heights.items():
        target.row_dimensions[row].height = height
    for column, width in sheet.widths.items():
        target.column_dimensions[get_column_letter(column)].width = width
    for column in sheet.hidden:
        target.column_dimensions[get_column_letter(column)].hidden = True
    for address, link in sheet.links.items():
        target[address].hyperlink = Hyperlink(ref=address, location=link.location, tooltip=link.tip)
    target.freeze_panes = f"A{sheet.frozen + 1}"
    if sheet.prompt and sheet.prompt.cells:
        asked = DataValidation(
            showInputMessage=True,
            promptTitle=sheet.prompt.title,
            prompt=sheet.prompt.text,
            sqref=" ".join(sheet.prompt.cells),
        )
        target.add_data_validation(asked)
    if sheet.page:
        _set_page(target, sheet.page)


def _put_cells(target: Worksheet, sheet: Sheet) -> None:
    for row, cells in sorted(sheet.cells.items()):
        for column, (value, style) in cells.items():
            cell: Any = target.cell(row, column)
            cell.value = _value_of(value)
            if isinstance(value, str):
                cell.data_type = "s"
            dress(cell, **_styles_of(style._replace(number_format="", is_quoted=False)))
            cell.number_format, cell.quotePrefix = style.number_format, style.is_quoted


def _set_page(target: Worksheet, page: Page) -> None:
    set_page(target, margin=page.margin)
    target.print_title_rows = page.repeated
    footer = HeaderFooterItem()
    footer.center.text = page.footer
    target.oddFooter = footer


def _value_of(value: Value) -> object:
    if not isinstance(value, tuple):
        return value or None
    return CellRichText(*(TextBlock(_inline_font(run.font), run.text) for run in value))


@functools.cache
def _inline_font(font: looks.Font) -> InlineFont:
    return InlineFont(
        rFont=font.name, sz=font.size, b=font.is_bold or None, color=Color(font.color)
    )


@functools.cache
def _styles_of(style: looks.Style) -> dict[str, Any]:
    """The same objects for the same look, by which `dress` finds their numbers."""
    font, place = style.font, style.place
    sides: dict[str, Any] = {
        name: Side(cast("Line", side.line), color=side.color)
        for name, side in style.border._asdict().items()
        if side
    }
    return {
        "font": Font(
            name=font.name,
            size=font.size,
            bold=font.is_bold,
            color=font.color or None,
            underline="single" if font.is_underlined else None,
        ),
        "fill": solid_fill(fgColor=style.fill) if style.fill else PatternFill(),
        "border": Border(**sides),
        "alignment": Alignment(
            horizontal=place.horizontal or None,
            vertical=place.vertical or None,
            wrap_text=place.is_wrapped,
            indent=place.indent,
        ),
    }
