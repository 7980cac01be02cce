"""Noun: a grid, a sheet of text as it was sent. Opens CSV, TSV, XLSX, XLS and ODS; casts nothing.

In: a file. Out: `Grid`s whose cells are text or None, rows and columns where the sender's own
program shows them. What cannot be opened raises `Unreadable` with the rule it breaks.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer
import pyarrow as pa
import pyarrow.csv
import python_calamine

HEAD_ROWS = 200  # as far down as a heading row is looked for
_SMALL_BYTES = 2_000_000  # up to here the tolerant row-by-row reader is fast enough


class Unreadable(Exception):
    """The file cannot be read as a sheet. `code` is the rule, the rest fills its words."""

    def __init__(self, code: str, problem_zh: str = "", problem_en: str = "") -> None:
        super().__init__(problem_en)
        self.code, self.problem_zh, self.problem_en = code, problem_zh, problem_en


@dataclass
class Grid:
    """One sheet. `head` holds its first rows; `columns` gives the rest, as Arrow text by column index."""

    sheet: str | None
    head: list[list[str | None]]
    table: pa.Table  # every row; columns named by their index "0", "1", …; empty cells are NULL
    encoding: str | None = None
    delimiter: str | None = None


def open_grids(path: Path) -> list[Grid]:
    """Every sheet of a file, empty ones left out. Raises Unreadable."""
    content = path.read_bytes()
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise Unreadable("FILE-EMPTY")
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        grids = list(_open_workbook(content))
    else:
        grids = [_open_text(content)]
    grids = [grid for grid in grids if grid.table.num_rows]
    if not grids:
        raise Unreadable("FILE-EMPTY")
    return grids


def _open_workbook(content: bytes) -> Iterator[Grid]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in workbook.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            yield _grid_of_rows([[_as_shown(cell) for cell in row] for row in rows], sheet.name)
    except python_calamine.PasswordError as error:
        raise Unreadable("FILE-FORMAT", "工作簿有打开密码", "the workbook is protected by a password") from error
    except Exception as error:  # the library's own errors have no common base, and a damaged file must not stop a run
        raise Unreadable(
            "FILE-FORMAT", "不是完好的工作簿（可能没有传完）", "it is not a sound workbook; the copy may be incomplete"
        ) from error


def _as_shown(cell: object) -> str | None:
    """A workbook's cell as its program shows it: 15 significant digits, no exponent, ISO dates."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        shown = format(cell, ".15g")
        return format(float(shown), ".0f") if "e+" in shown else format(float(shown), "f").rstrip("0") if "e-" in shown else shown
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip() or None


def _grid_of_rows(rows: list[list[str | None]], sheet: str | None, **decided: str | None) -> Grid:
    width = max((len(row) for row in rows), default=0)
    padded = [row + [None] * (width - len(row)) for row in rows]
    columns = list(zip(*padded, strict=True)) if padded else []
    if not any(cell for row in rows for cell in row):
        columns = []
    table = pa.table({str(i): pa.array(c, pa.string()) for i, c in enumerate(columns)}) if columns else pa.table({})
    return Grid(sheet, padded[:HEAD_ROWS], table, **decided)


def _open_text(content: bytes) -> Grid:
    encoding, text = _decode(content)
    head = text[:200_000].splitlines()[:HEAD_ROWS]
    if head and head[0].lstrip().lower().startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise Unreadable("FILE-FORMAT", "这是存成表格扩展名的网页", "it is a web page saved under a spreadsheet's name")
    delimiter = max((",", "\t", ";", "|"), key=lambda d: sum(line.count(d) for line in head))
    if len(content) > _SMALL_BYTES:
        grid = _open_large(text, delimiter, encoding)
        if grid is not None:
            return grid
    csv.field_size_limit(10**9)
    rows = [[cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    return _grid_of_rows(rows, None, encoding=encoding, delimiter=delimiter)


def _open_large(text: str, delimiter: str, encoding: str) -> Grid | None:
    """The fast reader, for a big file whose rows are all of one width; None leaves it to the tolerant one."""
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=pyarrow.csv.ReadOptions(autogenerate_column_names=True, block_size=8 << 20),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={f"f{i}": pa.string() for i in range(1000)},
                null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        return None
    table = table.rename_columns([str(i) for i in range(table.num_columns)])
    head = [list(row.values()) for row in table.slice(0, HEAD_ROWS).to_pylist()]
    return Grid(None, head, table, encoding, delimiter)


def _decode(content: bytes) -> tuple[str, str]:
    """(encoding, text). A clean decode proves nothing: what it gives has to look like text as well."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            try:
                return encoding, content.decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable("FILE-ENCODING") from error
    sample = content[:4000]
    candidates = ["utf-8", "gb18030"]
    if sample.count(0) > len(sample) // 8:  # UTF-16 without its mark: ASCII has a zero byte beside each letter
        candidates = ["utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _looks_chinese(text[:100_000]):
            return encoding, text
    guess = charset_normalizer.from_bytes(content[:200_000]).best()
    if guess is not None and _looks_chinese(str(guess)) and "\0" not in str(guess):
        try:
            return guess.encoding, content.decode(guess.encoding)
        except UnicodeDecodeError:
            pass
    raise Unreadable("FILE-ENCODING")


def _looks_chinese(text: str) -> bool:
    """Are the characters beyond ASCII the common ones of Chinese print, and no control characters?"""
    if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text[:5000]):
        return False
    beyond = [c for c in text if ord(c) > 127]
    common = sum(1 for c in beyond if c.encode("gb2312", "ignore"))
    return common >= 0.8 * len(beyond)
