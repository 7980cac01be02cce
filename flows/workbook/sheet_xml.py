"""Sheets that we draw as parts of a file, and the file of a workbook of them."""

from __future__ import annotations

import datetime as dt
import functools
import zipfile
from collections.abc import Sequence
from pathlib import Path

from flows.model.submission import index_of, letter_of
from flows.workbook.file import entry_of, frame, sheet_part
from flows.workbook.looks import Font, Styles, write_color
from flows.workbook.sheet import Page, Run, Sheet, Value
from flows.workbook.xml import (
    FIT_TO_PAGE,
    HEAD,
    MAIN,
    OFFICE,
    write_attribute,
    write_inline,
    write_text,
)

_EMPTY_WIDTH = 13  # of a column that has none of its own
_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape type="#_x0000_t202" style="position:absolute; margin-left:59.25pt;margin-top:1.5pt;'
    'width:{width}px;height:{height}px;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto" id="_x0000_s{number}"><v:fill color2="#ffffe1"/>'
    '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)
_FIRST_SHAPE = 1026
_DRAWN = '<legacyDrawing r:id="shapes"/>'
_HIDDEN = ' hidden="1"'


def write_workbook(target: Path, sheets: Sequence[Sheet], when: dt.datetime) -> None:
    """Write a workbook of sheets that we have drawn; `when` stands for every clock."""
    styles = Styles()
    parts = {sheet_part(n): _write_sheet(s, styles) for n, s in enumerate(sheets, start=1)}
    commented = [n for n, sheet in enumerate(sheets, start=1) if sheet.comments]
    for n in commented:
        parts[f"xl/comments{n}.xml"] = _write_comments(sheets[n - 1])
        parts[f"xl/drawings/comments{n}.vml"] = _write_shapes(sheets[n - 1])
    repeated = {n: sheet.page.repeated for n, sheet in enumerate(sheets, start=1) if sheet.page}
    parts |= frame([sheet.name for sheet in sheets], styles.write(), repeated, commented, when)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as file:
        for name, content in parts.items():
            file.writestr(entry_of(name), content)


def _write_sheet(sheet: Sheet, styles: Styles) -> str:
    """A sheet's part, its elements in the order of the standard."""
    view = '<sheetView workbookViewId="0"/>'
    if sheet.frozen or sheet.page:
        lines = ' showGridLines="0"' if sheet.page else ""
        view = f'<sheetView{lines} workbookViewId="0">{_write_pane(sheet.frozen)}</sheetView>'
    hides = ' zeroHeight="1"' if sheet.is_extract else ""
    fits = FIT_TO_PAGE if sheet.page else ""
    rows = "".join(_write_row(sheet, row, styles) for row in sorted({*sheet.cells, *sheet.heights}))
    return (
        f'{HEAD}<worksheet {MAIN} xmlns:r="{OFFICE}">{fits}<sheetViews>{view}</sheetViews>'
        f'<sheetFormatPr baseColWidth="8" defaultRowHeight="15"{hides}/>{_write_columns(sheet)}'
        f"<sheetData>{rows}</sheetData>{_write_beside(sheet)}"
        f"{_write_page(sheet.page) if sheet.page else ''}"
        f"{_DRAWN if sheet.comments else ''}</worksheet>"
    )


def _write_pane(frozen: int) -> str:
    if not frozen:
        return ""
    below = f'topLeftCell="A{frozen + 1}" activePane="bottomLeft" state="frozen"'
    return f'<pane ySplit="{frozen}" {below}/><selection pane="bottomLeft"/>'


def _write_columns(sheet: Sheet) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{sheet.widths.get(n, _EMPTY_WIDTH):g}" '
        f'customWidth="1"{_HIDDEN if n in sheet.hidden else ""}/>'
        for n in sorted({*sheet.widths, *sheet.hidden})
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _write_row(sheet: Sheet, row: int, styles: Styles) -> str:
    height = sheet.heights.get(row)
    sized = f' ht="{height:.10g}" customHeight="1"' if height is not None else ""
    cells = "".join(
        f'<c r="{letter_of(column - 1)}{row}" s="{styles.number_of(style)}"{_write_value(value)}'
        for column, (value, style) in sorted(sheet.cells.get(row, {}).items())
    )
    return f'<row r="{row}"{sized}>{cells}</row>'


def _write_value(value: Value) -> str:
    """The rest of a cell after its place and style."""
    if value is None or value == "":
        return "/>"
    if isinstance(value, int):
        return f"><v>{value}</v></c>"
    if isinstance(value, str):
        return f' t="inlineStr">{write_inline(value)}</c>'
    return f' t="inlineStr"><is>{"".join(map(_write_run, value))}</is></c>'


def _write_run(run: Run) -> str:
    text = write_text(run.text)
    return f"<r>{_write_run_font(run.font)}<t xml:space='preserve'>{text}</t></r>"


@functools.cache
def _write_run_font(font: Font) -> str:
    bold = "<b/>" if font.is_bold else ""
    return (
        f'<rPr><rFont val="{font.name}"/>{bold}{write_color(font.color)}'
        f'<sz val="{font.size:g}"/></rPr>'
    )


def _write_beside(sheet: Sheet) -> str:
    """What is said of cells apart from them: which are merged, what is asked, where they lead."""
    merged = "".join(f'<mergeCell ref="{span}"/>' for span in sheet.merged)
    links = "".join(
        f'<hyperlink ref="{cell}" location="{write_attribute(link.location)}" '
        f'tooltip="{write_attribute(link.tip)}"/>'
        for cell, link in sheet.links.items()
    )
    prompt = sheet.prompt
    asked = (
        f'<dataValidations count="1"><dataValidation showInputMessage="1" '
        f'promptTitle="{write_attribute(prompt.title)}" prompt="{write_attribute(prompt.text)}" '
        f'sqref="{" ".join(prompt.cells)}"/></dataValidations>'
        if prompt and prompt.cells
        else ""
    )
    return (
        (f"<mergeCells>{merged}</mergeCells>" if merged else "")
        + asked
        + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
    )


def _write_page(page: Page) -> str:
    margins = " ".join(f'{side}="{page.margin:g}"' for side in ("left", "right", "top", "bottom"))
    return (
        f'<pageMargins {margins} header="0.5" footer="0.5"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;C{write_text(page.footer)}</oddFooter></headerFooter>"
    )


def _write_comments(sheet: Sheet) -> str:
    listed = "".join(
        f'<comment ref="{cell}" authorId="0" shapeId="0"><text>'
        f"<t xml:space='preserve'>{write_text(comment.text)}</t></text></comment>"
        for cell, comment in sheet.comments.items()
    )
    return (
        f"{HEAD}<comments {MAIN}><authors><author>jibao</author></authors>"
        f"<commentList>{listed}</commentList></comments>"
    )


def _write_shapes(sheet: Sheet) -> str:
    """The boxes in which comments open."""
    shapes = []
    for number, (cell, comment) in enumerate(sheet.comments.items(), start=_FIRST_SHAPE):
        letters = cell.rstrip("0123456789")
        shapes.append(
            _SHAPE.format(
                width=comment.width,
                height=comment.height,
                number=number,
                row=int(cell[len(letters) :]) - 1,
                column=index_of(letters),
            )
        )
    return f"{_SHAPES}{''.join(shapes)}</xml>"
