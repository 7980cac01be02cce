"""Facts about the cells of an XLS, or of a WPS .et, which is one: xlrd reads their styles."""

from __future__ import annotations

import os
from pathlib import Path

import xlrd
from xlrd.book import Book
from xlrd.formatting import Font, XFBackground
from xlrd.sheet import Sheet as XlsSheet

from flows.read import limits
from flows.read.cell_facts import (
    WIDTH,
    Fact,
    Range,
    SheetFacts,
    Style,
    TextRun,
    keep_odd,
    without_author,
)
from flows.read.colours import BLACK, WHITE, are_alike
from flows.read.number_format import BUILT_IN
from flows.read.xls_conditions import list_conditions, without_rules
from flows.read.xls_pages import list_boxes, list_printed, list_prompts

_FILLED = (
    xlrd.XL_CELL_TEXT,
    xlrd.XL_CELL_NUMBER,
    xlrd.XL_CELL_DATE,
    xlrd.XL_CELL_BOOLEAN,
    xlrd.XL_CELL_ERROR,
)
_BIFF8 = 80
_SYSTEM = {64: BLACK, 65: WHITE, 0x7FFF: BLACK}  # what it writes with, and on
_LEAST_TWIPS = 40  # two points
_LEAST_HEIGHT = 100  # in twips: five points
_LEAST_WIDTH = 256  # in 256ths of a letter


def read_xls_facts(content: bytes) -> dict[str, SheetFacts]:
    """The facts of every sheet by its name. Raises UnreadableError where a sheet is too large."""
    with (
        Path(os.devnull).open("w") as quiet,
        xlrd.open_workbook(
            file_contents=content,
            logfile=quiet,
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
        ) as book,
    ):
        styles = [_style_of(book, n) for n in range(len(book.xf_list))]
        facts = {}
        printed, prompts = _list_pages(book), _list_prompts(book)
        conditions = _take_conditions(book)
        for name in book.sheet_names():
            facts[name] = _scan(book, book.sheet_by_name(name), styles)
            facts[name].conditional = conditions.get(name, [])
            facts[name].page_headers = printed.get(name, ())
            facts[name].prompts = prompts.get(name, [])
            book.unload_sheet(name)
        return facts


def _take_conditions(book: Book) -> dict[str, list[tuple[Range, str]]]:
    """The conditional formats of every sheet, which are left out of what xlrd is about to read."""
    stream, starts = _open_stream(book)
    conditions = {name: list_conditions(stream, at) for name, at in starts.items()}
    if starts:
        book.mem = without_rules(stream, list(starts.values()))
    return conditions


def _list_pages(book: Book) -> dict[str, tuple[str, ...]]:
    """What is printed over and under the pages of every sheet, and stands in boxes over it."""
    stream, starts = _open_stream(book)
    return {name: list_printed(stream, at) + list_boxes(stream, at) for name, at in starts.items()}


def _list_prompts(book: Book) -> dict[str, list[tuple[Range, str]]]:
    """What is shown beside the cells of every sheet while they are filled in."""
    stream, starts = _open_stream(book)
    return {name: list_prompts(stream, at) for name, at in starts.items()}


def _open_stream(book: Book) -> tuple[bytes, dict[str, int]]:
    """The records of a book of today's kind, and where those of each sheet begin."""
    if book.biff_version != _BIFF8 or book.mem is None:
        return b"", {}
    starts: list[int] = vars(book)["_sh_abs_posn"]  # told nowhere else
    return book.mem, dict(zip(book.sheet_names(), starts, strict=True))


def _style_of(book: Book, number: int) -> Style:
    xf = book.xf_list[number]
    font = book.font_list[xf.font_index] if xf.font_index < len(book.font_list) else None
    number_format = book.format_map.get(xf.format_key)
    code = number_format.format_str if number_format else BUILT_IN.get(xf.format_key, "General")
    is_unseen = font is not None and (
        font.height < _LEAST_TWIPS
        or are_alike(_colour_of(book, font.colour_index), _ground_of(book, xf.background))
    )
    return Style(code, bool(font and font.struck_out), is_unseen, bool(font and font.escapement))


def _ground_of(book: Book, background: XFBackground | None) -> str | None:
    """The colour behind a cell; None where it is patterned."""
    if background is None or background.fill_pattern == 0:
        return WHITE
    is_solid = background.fill_pattern == 1
    return _colour_of(book, background.pattern_colour_index) if is_solid else None


def _colour_of(book: Book, index: int) -> str | None:
    """A colour of the palette; None of one that it lacks."""
    colour = book.colour_map.get(index)
    return _SYSTEM.get(index) if colour is None else bytes(colour).hex()


def _scan(book: Book, sheet: XlsSheet, styles: list[Style]) -> SheetFacts:
    facts = SheetFacts(sheet.name)
    for row in range(sheet.nrows):
        types = sheet.row_types(row)
        for column, kind in enumerate(types):
            if kind not in _FILLED:
                continue
            facts.reach(row, column)
            index = sheet.cell_xf_index(row, column)
            style = styles[index] if index < len(styles) else Style()
            if not style.is_plain:
                facts.add(row * WIDTH + column, style)
            if kind == xlrd.XL_CELL_ERROR:
                text = xlrd.error_text_from_code.get(int(sheet.cell_value(row, column)))
                facts.faults[row * WIDTH + column] = text or "#N/A"
    _read_hidden(sheet, facts)
    _read_runs(book, sheet, facts)
    facts.merged = [(t, left, b - 1, r - 1) for t, b, left, r in sheet.merged_cells]
    limits.check_extent(facts.name, facts.rows, facts.columns, facts.filled)
    facts.clip()
    return facts


def _read_hidden(sheet: XlsSheet, facts: SheetFacts) -> None:
    for n, row in sheet.rowinfo_map.items():
        if row.hidden or (row.height is not None and row.height < _LEAST_HEIGHT):
            facts.hidden_rows.add(n)
    for n, info in sheet.colinfo_map.items():
        if info.hidden or info.width < _LEAST_WIDTH:
            facts.hidden_columns.add(n)
    for (top, left), note in sheet.cell_note_map.items():
        text = without_author(note.text)
        facts.comments.append(Fact("CELL-COMMENT", top, left, text))


def _read_runs(book: Book, sheet: XlsSheet, facts: SheetFacts) -> None:
    """Texts of which a stretch is raised or struck; offsets count letters from the left."""
    for (row, column), starts in sheet.rich_text_runlist_map.items():
        text = str(sheet.cell_value(row, column))
        if not starts:
            continue
        runs = [TextRun(text[: starts[0][0]])] if starts[0][0] else []
        ends = [offset for offset, _ in starts[1:]] + [len(text)]
        for (offset, number), end in zip(starts, ends, strict=True):
            font = book.font_list[number] if number < len(book.font_list) else None
            runs.append(_run_of(book, font, text[offset:end]))
        xf = book.xf_list[sheet.cell_xf_index(row, column)]
        if odd := keep_odd(runs, _ground_of(book, xf.background)):
            facts.runs[row * WIDTH + column] = odd


def _run_of(book: Book, font: Font | None, text: str) -> TextRun:
    if font is None:
        return TextRun(text)
    colour = _colour_of(book, font.colour_index)
    is_tiny = font.height < _LEAST_TWIPS
    return TextRun(text, bool(font.escapement), bool(font.struck_out), is_tiny, colour)
