"""A workbook written row by row, however long it is. Equal content gives equal bytes.

Texts stand in their cells and are computed by nobody; a number is written with every digit that
the warehouse has, and keeps as many as a double holds: openpyxl and XlsxWriter write 16 of 17.
"""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.model.submission import letter_of
from flows.workbook.file import entry_of, frame, sheet_part
from flows.workbook.looks import PLAIN, Font, Styles
from flows.workbook.xml import FIT_TO_PAGE, HEAD, MAIN, write_inline

_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheet programs

# the format of a cell by what it holds; the first two are those of headings
FORMATS = {
    "text": "General",
    "heading": "General",
    "level": "#,##0.00",
    "per cent": "0.0###",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
    "number": "General",
}
_LOOKS = {
    name: PLAIN._replace(font=Font(is_bold=name == "heading"), number_format=code)
    for name, code in FORMATS.items()
}


@dataclass(frozen=True)
class Sheet:
    """A sheet: the first rows are headings and stay in sight; a format and a width a column."""

    name: str
    headings: Sequence[Sequence[str]]
    formats: Sequence[str]
    widths: Sequence[float]


class XlsxWriter:
    """Writes the sheets of a workbook one after the other; they stand in the order `names`."""

    def __init__(self, target: Path, names: Sequence[str]) -> None:
        self._names = list(names)
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._texts: dict[str, str] = {}
        self._styles = Styles()

    def __enter__(self) -> XlsxWriter:
        """The writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write what holds the sheets together."""
        if kind is None:
            for name, content in frame(self._names, self._styles.write()):
                self._zip.writestr(entry_of(name), content)
        self._zip.close()

    def write(self, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> int:
        """Write a sheet. Returns its rows, headings left out."""
        number = self._names.index(sheet.name) + 1
        letters = [letter_of(place) for place in range(len(sheet.formats))]
        styles = [self._styles.number_of(_LOOKS[name]) for name in sheet.formats]
        headings = [self._styles.number_of(_LOOKS["heading"])] * len(styles)
        count = 0
        with self._zip.open(entry_of(sheet_part(number)), "w") as part:
            part.write(_open_sheet(sheet).encode())
            for count, row in enumerate(self._with_headings(sheet, rows), start=1):
                given = styles if count > len(sheet.headings) else headings
                cells = "".join(
                    self._cell(f"{letter}{count}", style, value)
                    for letter, style, value in zip(letters, given, row, strict=True)
                    if value is not None
                )
                part.write(f'<row r="{count}">{cells}</row>'.encode())
            filtered = f'<autoFilter ref="A{len(sheet.headings)}:{letters[-1]}{count}"/>'
            part.write(f"</sheetData>{filtered}{_lay_on_paper(sheet)}</worksheet>".encode())
        return count - len(sheet.headings)

    @staticmethod
    def _with_headings(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        yield from sheet.headings
        yield from rows

    def _cell(self, place: str, style: int, value: Any) -> str:
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, int | float | Decimal):
            return f'<c r="{place}" s="{style}"><v>{_write_number(value)}</v></c>'
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return f'<c r="{place}" s="{style}"><v>{(value - _EPOCH).days}</v></c>'
        text = value if isinstance(value, str) else str(value)
        written = self._texts.get(text)
        if written is None:
            written = self._texts[text] = f"{write_inline(text)}</c>"
        return f'<c r="{place}" s="{style}" t="inlineStr">{written}'


def _write_number(value: float | Decimal) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return repr(value)


# on paper, across: columns are made smaller until so many pages are wide enough
_READABLE = 210  # of an A4 page across, in widths of a digit; more would be too small to read


def _lay_on_paper(sheet: Sheet) -> str:
    wide = math.ceil(sum(sheet.widths) / _READABLE)
    return (
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" pageOrder="overThenDown" '
        f'fitToWidth="{wide}" fitToHeight="0"/>'
    )


def _open_sheet(sheet: Sheet) -> str:
    fixed = len(sheet.headings)
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width:g}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, start=1)
    )
    below = f'topLeftCell="A{fixed + 1}" activePane="bottomLeft"'
    pane = f'<pane ySplit="{fixed}" {below} state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f"{HEAD}<worksheet {MAIN}>{FIT_TO_PAGE}{views}<cols>{columns}</cols><sheetData>"
