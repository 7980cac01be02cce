"""Noun: a grid, a sheet of text as it was sent. Opens CSV, TSV, XLSX, XLS and ODS; casts nothing.

In: a file. Out: `Grid`s whose cells are text or None, rows and columns where the sender's own
program shows them. What cannot be opened raises `UnreadableError` with the rule it breaks.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import statistics
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import charset_normalizer
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import python_calamine

HEAD_ROWS = 200  # as far down as a heading row is looked for
_SMALL_BYTES = 2_000_000  # up to here the tolerant row-by-row reader is fast enough


class UnreadableError(Exception):
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
    """Every sheet of a file, empty ones left out. Raises UnreadableError."""
    content = path.read_bytes()
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise UnreadableError("FILE-EMPTY")
    is_workbook = content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    grids = list(_open_workbook(content)) if is_workbook else [_open_text(content)]
    grids = [grid for grid in grids if any(column.null_count < len(column) for column in grid.table.columns)]
    if not grids:
        raise UnreadableError("FILE-EMPTY")
    return grids


def _open_workbook(content: bytes) -> Iterator[Grid]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        percents = _find_percents(content)
        for sheet in workbook.sheets_metadata:
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            cells = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            rows = [[_as_shown(cell) for cell in row] for row in cells]
            for row, column, decimals in percents.get(sheet.name, ()):
                rows[row][column] = _as_percent(cells[row][column], decimals)
            yield _grid_of_rows(rows, sheet.name)
    except python_calamine.PasswordError as error:
        raise UnreadableError("FILE-FORMAT", "工作簿有打开密码", "the workbook is protected by a password") from error
    except Exception as error:  # the library's own errors have no common base, and a damaged file must not stop a run
        raise UnreadableError(
            "FILE-FORMAT", "不是完好的工作簿（可能没有传完）", "it is not a sound workbook; the copy may be incomplete"
        ) from error


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


def _find_percents(content: bytes) -> dict[str, list[tuple[int, int, int]]]:
    """Cells of an XLSX that are shown in per cent, and their decimals: they hold 0.034, the sender sees 3.4%."""
    if content[:2] != b"PK" or len(content) > _SMALL_BYTES:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles = parts.read("xl/styles.xml").decode(errors="replace") if "xl/styles.xml" in parts.namelist() else ""
    if not re.search(r'formatCode="[^"]*%|<xf [^>]*numFmtId="(9|10)"', styles):
        return {}
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {
        sheet.title: [
            (cell.row - 1, cell.column - 1, len(re.findall(r"(?<=\.)[0#]+", cell.number_format)[0]) if "." in cell.number_format else 0)
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
    if text.lstrip()[:20].lower().startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise UnreadableError("FILE-FORMAT", "这是存成表格扩展名的网页", "it is a web page saved under a spreadsheet's name")
    delimiter = _find_delimiter(text[:200_000])
    if len(content) > _SMALL_BYTES:
        grid = _open_large(content if encoding == "utf-8" else text.encode(), delimiter, encoding)
        if grid is not None:
            return grid
    csv.field_size_limit(10**9)
    rows = [[cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    return _grid_of_rows(rows, None, encoding=encoding, delimiter=delimiter)


def _find_delimiter(text: str) -> str:
    """The mark that cuts most lines into the same number of cells, more than one."""
    scores = {}
    for delimiter in (",", "\t", ";", "|"):
        widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)][:HEAD_ROWS]
        usual = statistics.mode(w for w in widths if w > 1) if any(w > 1 for w in widths) else 1
        scores[delimiter] = (sum(w == usual for w in widths) if usual > 1 else 0, usual)
    return max(scores, key=lambda d: scores[d])


def _open_large(content: bytes, delimiter: str, encoding: str) -> Grid | None:
    """The fast reader, for a big file whose rows are all of one width; None leaves it to the tolerant one."""
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(autogenerate_column_names=True, block_size=8 << 20),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={f"f{i}": pa.string() for i in range(1000)},
                null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        return None
    # spaces around a cell are not content; without a byte of one, or a quote that may hold one, there are none
    has_space = any(mark in content for mark in (b" ", b"\t", b'"', b"\x0b", b"\x0c", b"\xc2", b"\xe1\x9a", b"\xe2", b"\xe3\x80\x80"))
    table = pa.table({str(i): _strip(column) if has_space else column for i, column in enumerate(table.columns)})
    head = [list(row.values()) for row in table.slice(0, HEAD_ROWS).to_pylist()]
    return Grid(None, head, table, encoding, delimiter)


def _strip(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells without the spaces around them; most columns have none and are left as they are."""
    if not pc.any(pc.match_substring_regex(column, r"^[\s\pZ]|[\s\pZ]$")).as_py():
        return column
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _decode(content: bytes) -> tuple[str, str]:
    """(encoding, text). A clean decode proves nothing: what it gives has to look like text as well."""
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "utf-8" and _CONTROL.search(text[:5000]):
            raise UnreadableError("FILE-FORMAT", "这不是文本，也不是工作簿", "it is neither text nor a workbook")
        if encoding in _CERTAIN or _looks_chinese(text[:100_000]):
            return encoding, text
    raise UnreadableError("FILE-ENCODING")


_CERTAIN = ("utf-8", "utf-8-sig", "utf-16")


def _candidates(content: bytes) -> Iterator[str]:
    """The encodings to try, the surest first: a mark at the start, UTF-8, GB18030, then a guess."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            yield encoding
            return
    sample = content[:4000]
    if sample.count(0) > len(sample) // 8:  # UTF-16 without its mark: ASCII has a zero byte beside each letter
        yield "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
        return
    yield "utf-8"
    yield "gb18030"
    guess = charset_normalizer.from_bytes(content[:200_000]).best()
    if guess is not None:
        yield guess.encoding


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def _looks_chinese(text: str) -> bool:
    """Tell whether the characters beyond ASCII are those of Chinese print, with no control characters."""
    if _CONTROL.search(text[:5000]):
        return False
    beyond = [c for c in text if ord(c) > 127]
    # GB2312 has the vowels of pinyin as well, which are those of a Latin-1 text read wrongly
    common = sum(1 for c in beyond if (ord(c) >= 0x2000 or c in "×÷°·±") and c.encode("gb2312", "ignore"))
    return common >= 0.8 * len(beyond)
