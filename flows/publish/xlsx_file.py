"""A workbook written row by row, however long it is. Equal content gives equal bytes.

Texts stand in their cells and are computed by nobody; a number is written with every digit that
the warehouse has, and keeps as many as a double holds: openpyxl and XlsxWriter write 16 of 17.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from flows.model.submission import letter_of

_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheet programs
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # by XML
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LONGEST_NAME = 31

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
_STYLES = {name: number for number, name in enumerate(FORMATS)}


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

    def __enter__(self) -> XlsxWriter:
        """The writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write what holds the sheets together."""
        if kind is None:
            for name, content in _frame(self._names):
                self._zip.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
        self._zip.close()

    def write(self, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> int:
        """Write a sheet. Returns its rows, headings left out."""
        number = self._names.index(sheet.name) + 1
        letters = [letter_of(place) for place in range(len(sheet.formats))]
        styles = [_STYLES[name] for name in sheet.formats]
        headings = [_STYLES["heading"]] * len(styles)
        count = 0
        with self._zip.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as part:
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
            part.write(f"</sheetData>{filtered}</worksheet>".encode())
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
            shown = escape(_UNWRITABLE.sub("\ufffd", text))
            written = self._texts[text] = f"<is><t xml:space='preserve'>{shown}</t></is></c>"
        return f'<c r="{place}" s="{style}" t="inlineStr">{written}'


def _write_number(value: float | Decimal) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return repr(value)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _open_sheet(sheet: Sheet) -> str:
    fixed = len(sheet.headings)
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width:g}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, start=1)
    )
    below = f'topLeftCell="A{fixed + 1}" activePane="bottomLeft"'
    pane = f'<pane ySplit="{fixed}" {below} state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f"{_HEAD}<worksheet {_MAIN}>{views}<cols>{columns}</cols><sheetData>"


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts of a workbook beside its sheets, by name."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name[:_LONGEST_NAME])}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relate([*links, ("rId0", "styles", "styles.xml")])
    yield "_rels/.rels", _relate([("rId1", "officeDocument", "xl/workbook.xml")])
    yield "xl/styles.xml", _write_styles()
    parts = {f"xl/worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    parts |= {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    kinds = "".join(
        f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>'
        for part, kind in parts.items()
    )
    of_package = "application/vnd.openxmlformats-package.relationships+xml"
    relations = f'<Default Extension="rels" ContentType="{of_package}"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{relations}{xml}{kinds}</Types>',
    )


def _relate(links: Sequence[tuple[str, str, str]]) -> str:
    written = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in links
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def _write_styles() -> str:
    own = [code for code in dict.fromkeys(FORMATS.values()) if code != "General"]
    number = {"General": 0} | {code: 164 + n for n, code in enumerate(own)}
    codes = "".join(
        f'<numFmt numFmtId="{number[code]}" formatCode="{escape(code)}"/>' for code in own
    )
    plain = 'fillId="0" borderId="0"'
    cells = "".join(
        f'<xf numFmtId="{number[code]}" fontId="{name == "heading":d}" {plain} xfId="0" '
        f'applyNumberFormat="1" applyFont="1"/>'
        for name, code in FORMATS.items()
    )
    font = '<font><sz val="11"/><name val="Calibri"/></font>'
    bold = font.replace("<font>", "<font><b/>")
    fill = '<fill><patternFill patternType="{}"/></fill>'
    return (
        f'{_HEAD}<styleSheet {_MAIN}><numFmts count="{len(own)}">{codes}</numFmts>'
        f'<fonts count="2">{font}{bold}</fonts>'
        f'<fills count="2">{fill.format("none")}{fill.format("gray125")}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" {plain}/></cellStyleXfs>'
        f'<cellXfs count="{len(FORMATS)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )
