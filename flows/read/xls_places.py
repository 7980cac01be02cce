"""Whether the cells of an XLS lie where an XLS can have any.

The library that reads the workbook takes memory for every cell between the first and the last, and
for as many as a record says there are. An XLS has 65,536 rows and 256 columns: a place beyond is
damage, and it is damage that would take all memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from flows.model.errors import UnreadableError
from flows.read.file_type import DAMAGED

_ROWS, _COLUMNS = 65_536, 256
_BOF, _EOF = 0x0809, 0x000A
_BOUND_SHEET, _STRINGS, _EXTENT, _SEVERAL = 0x0085, 0x00FC, 0x0200, 0x00BD
# records of a cell: a row and a column, of two bytes each
_CELLS = frozenset(
    (
        0x0006,
        0x0206,
        0x0406,
        0x0201,
        0x0203,
        0x0204,
        0x0205,
        0x027E,
        0x00FD,
        0x00D6,
        0x00BE,
        _SEVERAL,
    )
)


def check_places(records: bytes) -> None:
    """Raises UnreadableError where a cell, the extent of a sheet or the number of texts is more
    than there can be.
    """
    for at in (0, *_check(records, 0)):
        _check(records, at)


def _check(records: bytes, start: int) -> list[int]:
    """Check one part to its end; returns where the sheets begin that it names."""
    sheets: list[int] = []
    for kind, at, size in _walk(records, start):
        if kind in _CELLS:
            if size >= 4 and not _is_within(records, at, size, kind):
                raise UnreadableError("FILE-FORMAT", *DAMAGED)
        elif kind == _BOUND_SHEET and at + 4 <= len(records):
            sheets += struct.unpack_from("<I", records, at)
        elif kind == _EXTENT:
            first_row, rows, first_column, columns = _extent(records, at, size)
            if not (first_row <= rows <= _ROWS and first_column <= columns <= _COLUMNS):
                raise UnreadableError("FILE-FORMAT", *DAMAGED)
        elif kind == _STRINGS and at + 8 <= len(records):
            (texts,) = struct.unpack_from("<I", records, at + 4)
            if texts > len(records) // _LEAST_TEXT:
                raise UnreadableError("FILE-FORMAT", *DAMAGED)
    return sheets


def _walk(records: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of the records of a part, to its end; a chart within it has a beginning
    and an end of its own, and cells may follow it. A part without a beginning is walked too.
    """
    depth = 0
    while 0 <= at <= len(records) - 4:
        kind, size = struct.unpack_from("<HH", records, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return
        yield kind, at + 4, size
        at += 4 + size


_LEAST_TEXT = 3  # bytes of a text without a letter


def _is_within(records: bytes, at: int, size: int, kind: int) -> bool:
    if at + 4 > len(records):
        return True  # cut short: the library finds it
    (column,) = struct.unpack_from("<H", records, at + 2)
    more = (size - 6) // 6 - 1 if kind == _SEVERAL else 0
    return bool(column + max(more, 0) < _COLUMNS)


def _extent(records: bytes, at: int, size: int) -> tuple[int, ...]:
    """The first row of a sheet and one more than its last, and the columns likewise."""
    layout = {10: "<HHHH", 14: "<IIHH"}.get(size)
    if layout is None or at + size > len(records):
        return 0, 0, 0, 0
    return struct.unpack_from(layout, records, at)
