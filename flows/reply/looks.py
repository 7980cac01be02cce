"""How our own cells look in the workbooks that go back, and how text is put into them."""

from __future__ import annotations

import functools

from flows.reply.printed_text import FONT, FORMULA_SIGNS, INK, QUIET, clean_text
from flows.reply.wording import Grade
from flows.workbook.looks import Border, Font, Side, Style
from flows.workbook.sheet import Run, Sheet


@functools.cache
def font_of(
    size: float = 10, *, bold: bool = False, color: str = INK, underlined: bool = False
) -> Font:
    """The font of our own cells."""
    return Font(FONT, size, bold, color, underlined)


@functools.cache
def frame_with(line: str, color: str) -> Border:
    """The same line on all four sides."""
    side = Side(line, color)
    return Border(side, side, side, side)


def painted(style: Style, grade: Grade) -> Style:
    """A look with the fill and the frame of a grade; font and number format stay."""
    return style._replace(fill=grade.fill, border=frame_with(grade.frame, grade.ink))


def put_text(sheet: Sheet, row: int, column: int, text: str, style: Style) -> None:
    """Write text that stays text, whatever it begins with: no formula, and no number either."""
    sheet.put(row, column, clean_text(text), _as_text(style, text.startswith(FORMULA_SIGNS)))


@functools.lru_cache(1_000)
def _as_text(style: Style, is_quoted: bool) -> Style:
    return style._replace(number_format="@", is_quoted=is_quoted)


def put_both(
    sheet: Sheet, row: int, column: int, zh: str, en: str, style: Style, *, bold: bool = False
) -> None:
    """Chinese over English in one cell, the English smaller and quieter than the font of its look,
    the Chinese bold where that is asked.
    """
    size = style.font.size
    runs = (
        Run(clean_text(zh) + "\n", font_of(size, bold=bold)),
        Run(clean_text(en), font_of(size - 1.5, color=QUIET)),
    )
    sheet.put(row, column, runs, style._replace(is_quoted=zh.startswith(FORMULA_SIGNS)))
