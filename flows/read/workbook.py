"""Sheets of a workbook (XLSX, XLS, ODS), their cells as the sender's own program shows them.

In: the bytes of a workbook. Out: sheets of text, with what the library alone does not tell: the
figure that a number format shows, errors of formulas (`#DIV/0!`), formulas that were saved without
their value, and what there is to ask about a cell (`SheetFacts.cell_facts`).
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import python_calamine

from flows.model.errors import UnreadableError
from flows.read import limits
from flows.read.cell_facts import (
    UNSEEN,
    Fact,
    Range,
    ReadText,
    SheetFacts,
    Style,
    place_of,
    text_of,
)
from flows.read.compound import read_records
from flows.read.file_type import ARCHIVE, DAMAGED, PROTECTED
from flows.read.number_format import NumberFormat, parse_format
from flows.read.ods_cells import read_ods_facts
from flows.read.once import check_names
from flows.read.xls_places import check_places
from flows.read.xlsx_cells import read_xlsx_facts

Rows = list[list[str | None]]
Cells = Sequence[Sequence[object]]

_LEAP = 61  # before the 29 February 1900 that never was, days are counted from a day later
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone


@dataclass
class WorkbookSheet:
    """Rows from A1 on, however far down and right its content begins."""

    name: str
    rows: Rows
    facts: SheetFacts
    is_hidden: bool = False

    @property
    def merged(self) -> tuple[Range, ...]:
        """Cells merged into one, as (first row, first column, last row, last column) from 0."""
        return tuple(self.facts.merged)


def open_sheets(content: bytes) -> Iterator[WorkbookSheet]:
    """The worksheets of a workbook in their order, hidden ones too. Raises UnreadableError."""
    try:
        facts = _read_facts(content)  # first: it refuses what would take all memory
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        listed = workbook.sheets_metadata
        limits.check_limit("sheets", len(listed))
        check_names(("工作表", "sheet"), (sheet.name for sheet in listed))
        for sheet in listed:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            unread = SheetFacts(sheet.name, is_unread=True)
            yield _open_sheet(workbook, sheet, facts.pop(sheet.name, unread))
    except UnreadableError:
        raise
    except python_calamine.PasswordError as error:
        raise UnreadableError("FILE-FORMAT", *PROTECTED) from error
    except Exception as error:  # the library's errors have no common base; no file stops a run
        raise UnreadableError("FILE-FORMAT", *DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library's own language
            raise
        raise UnreadableError("FILE-FORMAT", *DAMAGED) from error


def _read_facts(content: bytes) -> dict[str, SheetFacts]:
    """What the library will not tell, by sheet. Raises UnreadableError on a file too large."""
    if content.startswith(ARCHIVE):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            limits.check_archive(parts)
            check_names(("部件", "part"), parts.namelist())
            is_open_document = "content.xml" in parts.namelist()
            return read_ods_facts(parts) if is_open_document else read_xlsx_facts(parts)
    check_places(read_records(content))
    try:
        from flows.read.xls_cells import read_xls_facts  # xlrd with it, for XLS alone

        return read_xls_facts(content)
    except UnreadableError:
        raise
    except Exception:  # by a program that keeps no rules: read as stored, and asked about
        return {}


def _open_sheet(
    workbook: python_calamine.CalamineWorkbook,
    sheet: python_calamine.SheetMetadata,
    facts: SheetFacts,
) -> WorkbookSheet:
    opened = workbook.get_sheet_by_name(sheet.name)
    cells: Cells = opened.to_python(skip_empty_area=False)
    rows = [[_as_shown(cell) for cell in row] for row in cells]
    for style, positions in facts.styled.items():
        _apply_style(style, positions, cells, rows, facts)
    facts.styled = {}
    for position, runs in facts.runs.items():
        row, column = place_of(position)
        _apply_runs(row, column, text_of(runs), rows, facts)
        written = [run for run in runs if run.text.strip()]
        if all(run.is_struck for run in written):
            facts.cell_facts.append(Fact("CELL-STRUCK", row, column))
        if all(run.is_unseen for run in written):
            facts.cell_facts.append(Fact("CELL-HIDDEN", row, column, UNSEEN))
        if all(run.is_raised for run in written):
            _say_raised(row, column, rows, facts)
    for position, text in facts.faults.items():
        _write(rows, *place_of(position), text)
    if facts.is_unread and any(isinstance(c, int | float) for row in cells for c in row):
        facts.cell_facts.append(Fact("CELL-UNREAD", -1, -1))
    if not facts.merged:
        facts.merged = [(*first, *last) for first, last in opened.merged_cell_ranges or ()]
    return WorkbookSheet(
        sheet.name, rows, facts, sheet.visible != python_calamine.SheetVisibleEnum.Visible
    )


def _apply_style(
    style: Style, positions: array[int], cells: Cells, rows: Rows, facts: SheetFacts
) -> None:
    """The texts that a style shows, and what there is to say of its cells."""
    parsed = parse_format(style.code)
    for position in positions:
        row, column = place_of(position)
        if row >= len(cells) or column >= len(cells[row]):
            continue
        cell = cells[row][column]
        if style.is_struck:
            facts.cell_facts.append(Fact("CELL-STRUCK", row, column))
        if style.is_unseen and rows[row][column]:
            facts.cell_facts.append(Fact("CELL-HIDDEN", row, column, UNSEEN))
        if style.is_raised:
            _say_raised(row, column, rows, facts)
        if isinstance(cell, str):
            if words := parsed.words_of_text:
                rows[row][column] = f"{words[0]}{cell.strip()}{words[1]}"
        elif (number := _number_of(cell, parsed)) is not None:
            if isinstance(cell, dt.datetime):  # reckoned back from a moment: asked about
                facts.cell_facts.append(Fact("CELL-FORMAT", row, column, parsed.code))
            rows[row][column] = _show(number, parsed, row, column, facts)


def _say_raised(row: int, column: int, rows: Rows, facts: SheetFacts) -> None:
    """A text that ends in a digit and is raised as a whole: its end, or all, may be a mark."""
    if row < len(rows) and column < len(rows[row]):
        shown = rows[row][column]
        if shown and shown[-1].isdecimal():
            facts.cell_facts.append(Fact("CELL-RAISED", row, column))


def _number_of(cell: object, parsed: NumberFormat) -> Decimal | None:
    """The number that a cell stores; the library takes some numbers for moments."""
    if isinstance(cell, dt.datetime) and not any(s.is_date for s in parsed.sections):
        days = (cell - _EPOCH) / dt.timedelta(days=1)
        return Decimal(format(days - (days < _LEAP), ".10g"))
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return Decimal(format(cell, ".15g"))


def _show(
    number: Decimal, parsed: NumberFormat, row: int, column: int, facts: SheetFacts
) -> str | None:
    stored = format(number, "f") if number else "0"
    shown = parsed.show(number) if not parsed.is_plain else None
    if shown is None:
        return stored if not any(s.is_date for s in parsed.sections) else _as_moment(number)
    if shown.unknown is not None or shown.is_pointed:
        facts.cell_facts.append(Fact("CELL-FORMAT", row, column, parsed.code))
    elif shown.is_worded:
        facts.cell_facts.append(Fact("CELL-WORDED", row, column, parsed.code))
    elif shown.is_hidden:
        code = "CELL-HIDDEN" if number else "CELL-NOUGHT"
        detail = f"数字格式 {parsed.code}|format {parsed.code}"
        facts.cell_facts.append(Fact(code, row, column, detail))
    elif shown.is_unsigned:
        facts.cell_facts.append(Fact("CELL-SIGN", row, column, parsed.code))
    elif shown.is_scaled:
        facts.cell_facts.append(Fact("CELL-SCALED", row, column, parsed.code))
    elif parsed.money:
        facts.cell_facts.append(Fact("CELL-UNIT", row, column, parsed.money))
    return shown.text or stored


def _as_moment(number: Decimal) -> str:
    """A number under a format of dates that the library did not take for one."""
    try:
        return (_EPOCH + dt.timedelta(days=float(number))).isoformat()
    except OverflowError:
        return format(number, "f")


def _apply_runs(row: int, column: int, text: ReadText, rows: Rows, facts: SheetFacts) -> None:
    """A text without its raised marks and the words that are struck or unseen, which are said."""
    if row >= len(rows) or column >= len(rows[row]) or rows[row][column] is None:
        return
    for code, aside in (
        ("CELL-MARK", text.marks),
        ("CELL-STRUCK-PART", text.struck),
        ("CELL-HIDDEN-PART", text.unseen),
    ):
        if aside.strip():
            facts.cell_facts.append(Fact(code, row, column, aside.strip()))
    if text.marks or text.struck or text.unseen:
        rows[row][column] = text.kept.strip() or None


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
