"""How large a file may be. What lies beyond is no submission but an accident, or an attack.

A register of 2,000,000 rows with 30 columns passes every limit. `refuse` makes the error that says
which limit was met, and by what.
"""

from __future__ import annotations

import zipfile

from flows.model.errors import UnreadableError

FILE_BYTES = 2_000_000_000  # 2,000,000 rows of 30 columns are 600 MB; the file is held in memory
PARTS = 10_000  # of an archive: a workbook has one a sheet and some twenty more
UNPACKED_BYTES = 4_000_000_000  # 1,048,576 rows of 30 columns are 1.5 GB of XML
UNPACKED_RATIO = 250  # XML packs 10 to 60 times; a part of one letter repeated, 1000 times
SMALL_PART_BYTES = 50_000_000  # up to here a part may pack as well as it likes
FORMAT_CHARACTERS = 1_000  # of one number format; Excel's holds 255
STYLES_BYTES = 64_000_000  # 64,000 formats, the most that Excel keeps, are 20 MB
SHEETS = 500  # a year's days, each on a sheet of its own, are 366
ROWS = 5_100_000  # a register of 5,000,000 and the lines over it; an XLSX has 1,048,576 a sheet
COLUMNS = 1_000  # the widest form has 40; ten years of quarters, in pairs, are 80
SPARSE_CELLS = 5_000_000  # from here on a sheet has to be filled,
SPARSE_RATIO = 40  # one cell in so many: the reader takes memory for every cell between
CELL_CHARACTERS = 200_000  # Excel's cell holds 32,767; more is a quotation mark never closed
MEMORY_BYTES = 12 << 30  # of the process that reads a file; 2,000,000 rows of 30 columns take 5 GB
SECONDS = 900  # for one file; 2,000,000 rows take 20
DIGITS = 300  # of one number; a double has no more before its point


def refuse(what_zh: str, what_en: str, figure: int, limit: int) -> UnreadableError:
    """The error of a file that is over a limit: what was counted, its figure, and the limit."""
    return UnreadableError(
        "FILE-LIMIT",
        f"{what_zh}是 {figure:,}，上限是 {limit:,}",
        f"{what_en}: {figure:,}, of {limit:,} at most",
    )


def check_format(characters: int) -> None:
    """Refuse a number format longer than any program lets one be. Raises UnreadableError."""
    if characters > FORMAT_CHARACTERS:
        raise refuse(
            "一个数字格式的字符数", "characters of a number format", characters, FORMAT_CHARACTERS
        )


def check_extent(sheet: str, rows: int, columns: int, filled: int) -> None:
    """Refuse a sheet whose first and last cell lie too far apart. Raises UnreadableError."""
    if rows > ROWS:
        raise refuse(f"工作表“{sheet}”的行数", f"rows of the sheet “{sheet}”", rows, ROWS)
    if columns > COLUMNS:
        raise refuse(f"工作表“{sheet}”的列数", f"columns of the sheet “{sheet}”", columns, COLUMNS)
    cells, limit = rows * columns, max(SPARSE_CELLS, SPARSE_RATIO * filled)
    if cells > limit:
        raise refuse(
            f"工作表“{sheet}”只填了 {filled:,} 格，从左上角到最远一格的格数",
            f"the sheet “{sheet}” fills {filled:,} cells; cells from its corner to the farthest",
            cells,
            limit,
        )


def check_archive(parts: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to more than can be read. Raises UnreadableError."""
    listed = parts.infolist()
    if len(listed) > PARTS:
        raise refuse("工作簿内的部件数", "parts of the workbook", len(listed), PARTS)
    unpacked = sum(part.file_size for part in listed)
    if unpacked > UNPACKED_BYTES:
        raise refuse("解压后的字节数", "bytes of its parts, unpacked", unpacked, UNPACKED_BYTES)
    for part in listed:
        ratio = part.file_size // max(part.compress_size, 1)
        if part.file_size > SMALL_PART_BYTES and ratio > UNPACKED_RATIO:
            what = f"“{part.filename}”的压缩倍数", f"ratio of packing of “{part.filename}”"
            raise refuse(*what, ratio, UNPACKED_RATIO)
