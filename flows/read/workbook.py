"""Noun: a sheet of a workbook (XLSX, XLS, ODS), its cells as the sender's own program shows them.

In: the bytes of a workbook. Out: `Sheet`s of text, with what the library alone does not tell: cells
shown in per cent, errors of formulas (`#DIV/0!`), and formulas that were saved without their value.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import python_calamine
from openpyxl.utils import column_index_from_string

from flows.model.errors import UnreadableError
from flows.read.file_type import ARCHIVE, DAMAGED, PROTECTED

Range = tuple[int, int, int, int]
Rows = list[list[str | None]]

_SMALL_BYTES = 2_000_000  # up to here cells shown in per cent are looked for
_READ_BYTES = 200_000_000  # of a sheet's XML; beyond, its formulas are not looked through

_NS = r"(?:\w+:)?"
_ERROR = re.compile(rf'<{_NS}c ([^>]*\bt="e"[^>]*)>(.*?)</{_NS}c>', re.S)
_BARE_FORMULA = re.compile(
    rf"<{_NS}c ([^>]*)>\s*<{_NS}f[^>]*?(?:/>|>([^<]*)</{_NS}f>)\s*(?:<{_NS}v\s*/>|<{_NS}v></{_NS}v>)?\s*</{_NS}c>"
)
_VALUE = re.compile(rf"<{_NS}v>([^<]+)</{_NS}v>")
_PLACE = re.compile(r'\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass
class Sheet:
    """Rows from A1 on, however far down and right its content begins."""

    name: str
    rows: Rows
    merged: tuple[Range, ...] = ()
    is_hidden: bool = False


def open_sheets(content: bytes) -> Iterator[Sheet]:
    """The worksheets of a workbook in their order, hidden ones too. Raises UnreadableError."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        percents, faults = _find_percents(content), _find_faults(content)
        for sheet in workbook.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            opened = workbook.get_sheet_by_name(sheet.name)
            cells = opened.to_python(skip_empty_area=False)
            rows = [[_as_shown(cell) for cell in row] for row in cells]
            for row, column, decimals in percents.get(sheet.name, ()):
                rows[row][column] = _as_percent(cells[row][column], decimals)
            for row, column, text in faults.get(sheet.name, ()):
                _write(rows, row, column, text)
            merged = tuple((*first, *last) for first, last in opened.merged_cell_ranges or ())
            yield Sheet(
                sheet.name, rows, merged, sheet.visible != python_calamine.SheetVisibleEnum.Visible
            )
    except python_calamine.PasswordError as error:
        raise UnreadableError("FILE-FORMAT", *PROTECTED) from error
    except Exception as error:  # the library's own errors have no common base, and a damaged file must not stop a run
        raise UnreadableError("FILE-FORMAT", *DAMAGED) from error


def _as_shown(cell: object) -> str | None:
    """A workbook's cell as its program shows it: 15 significant digits, no exponent, ISO dates."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return format(Decimal(format(cell, ".15g")), "f") if cell else "0"
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip() or None


def _write(rows: Rows, row: int, column: int, text: str) -> None:
    """Put text where the library gave a blank, beyond the last filled cell perhaps."""
    while len(rows) <= row:
        rows.append([])
    rows[row] += [None] * (column + 1 - len(rows[row]))
    if rows[row][column] is None:
        rows[row][column] = text


def _find_percents(content: bytes) -> dict[str, list[tuple[int, int, int]]]:
    """Cells of an XLSX that are shown in per cent, and their decimals: they hold 0.034, the sender
    sees 3.4%.
    """
    if not content.startswith(ARCHIVE) or len(content) > _SMALL_BYTES:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles = (
            parts.read("xl/styles.xml").decode(errors="replace")
            if "xl/styles.xml" in parts.namelist()
            else ""
        )
    if not re.search(r'formatCode="[^"]*%|<xf [^>]*numFmtId="(9|10)"', styles):
        return {}
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {
        sheet.title: [
            (
                cell.row - 1,
                cell.column - 1,
                len(re.findall(r"(?<=\.)[0#]+", cell.number_format)[0])
                if "." in cell.number_format
                else 0,
            )
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int | float) and "%" in (cell.number_format or "")
        ]
        for sheet in workbook.worksheets
    }


def _as_percent(cell: object, decimals: int) -> str | None:
    if not isinstance(cell, int | float):
        return _as_shown(cell)
    percent = (Decimal(format(cell, ".15g")) * 100).normalize()
    kept = max(decimals, -int(percent.as_tuple().exponent))
    return f"{percent:.{kept}f}%"


def _find_faults(content: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """Cells that hold the error of a formula, or a formula without its value: the library gives
    both
    as blank.

    An old XLS does not say so in a way that can be read here.
    """
    if not content.startswith(ARCHIVE):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = set(parts.namelist())
        if "content.xml" in names and parts.getinfo("content.xml").file_size <= _READ_BYTES:
            return _find_ods_errors(parts.read("content.xml"))
        faults = {}
        for title, part in _list_parts(parts).items():
            if part in names and parts.getinfo(part).file_size <= _READ_BYTES:
                xml = parts.read(part)
                if b't="e"' in xml or b"<f" in xml or b":f>" in xml:
                    faults[title] = list(_list_faults(xml.decode("utf-8", "replace")))
        return faults


def _list_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive in which each sheet of an XLSX stands."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(parts.namelist()):
        return {}
    targets = {
        r.get("Id"): r.get("Target", "")
        for r in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(
                next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None), ""
            )
            found[sheet.get("name", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
    return found


def _list_faults(xml: str) -> Iterator[tuple[int, int, str]]:
    errors = (
        (attributes, value[1])
        for attributes, body in _ERROR.findall(xml)
        if (value := _VALUE.search(body))
    )
    # a formula that gives no text is blank, and means it
    bare = (
        (attributes, "=" + formula)
        for attributes, formula in _BARE_FORMULA.findall(xml)
        if 't="str"' not in attributes
    )
    for attributes, text in itertools.chain(errors, bare):
        if place := _PLACE.search(attributes):
            yield (
                int(place[2]) - 1,
                column_index_from_string(place[1]) - 1,
                html.unescape(text).strip(),
            )


def _find_ods_errors(xml: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """The cells of an ODS that show the error of a formula; rows and cells may stand for several
    alike.
    """
    faults: dict[str, list[tuple[int, int, str]]] = {}
    if b'value-type="error"' not in xml:
        return faults
    for table in ElementTree.fromstring(xml).iter():
        if not table.tag.endswith("}table"):
            continue
        found = faults.setdefault(_attribute(table, "name") or "", [])
        at = 0
        for row in (r for r in table.iter() if r.tag.endswith("}table-row")):
            column = 0
            for cell in row:
                if any(v == "error" for k, v in cell.attrib.items() if k.endswith("}value-type")):
                    found.append((at, column, "".join(cell.itertext()).strip()))
                column += int(_attribute(cell, "number-columns-repeated") or 1)
            at += int(_attribute(row, "number-rows-repeated") or 1)
    return faults


def _attribute(element: ElementTree.Element, name: str) -> str | None:
    return next((v for k, v in element.attrib.items() if k.endswith("}" + name)), None)
