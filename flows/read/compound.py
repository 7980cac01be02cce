"""The chains of sectors in a compound file (OLE2: an XLS, a WPS .et), each followed to its end.

The library that reads the workbook follows a chain that bites its own tail until no memory is left.
In: the bytes of a file. Out: the records of the workbook in it, or `UnreadableError` where a chain
has no end. Whatever else is damaged is left to the library, which finds it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from flows.model.errors import UnreadableError
from flows.read.file_type import COMPOUND, DAMAGED

_HEADER = 512
_LAST = 0xFFFFFFFA  # from here on a number names no sector: an end, a free one, a table's own
_LISTED_IN_HEADER = 109  # sectors of the table, at byte 76
_ENTRY = 128  # bytes of the directory about a stream
_STREAM, _ROOT = 2, 5
_SMALL = 64  # bytes of a piece of a small stream


def read_records(content: bytes) -> bytes:
    """The records of the workbook, as far as they are there. Raises UnreadableError where a chain
    of sectors has no end.
    """
    if len(content) < _HEADER or not content.startswith(COMPOUND):
        return b""
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        return b""
    sectors = _Sectors(content, 1 << shift)
    directory, _, cutoff, small, _, listing = struct.unpack_from("<6I", content, 48)
    table = _numbers(map(sectors.read, _list_table(content, sectors, listing)))
    small_table = _numbers(map(sectors.read, _follow(table, small)))
    entries = b"".join(map(sectors.read, _follow(table, directory)))
    streams: dict[str, list[int]] = {}
    of_small: list[int] = []  # the sectors that small streams stand in
    small_streams: dict[str, list[int]] = {}
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        kind, start, size = entries[at + 66], *struct.unpack_from("<2I", entries, at + 116)
        if kind not in (_STREAM, _ROOT):
            continue
        is_small = kind == _STREAM and size < cutoff
        chain = list(_follow(small_table if is_small else table, start))
        if kind == _ROOT:
            of_small = of_small or chain
        else:
            name = entries[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            (small_streams if is_small else streams).setdefault(name, chain)
    for name in ("Workbook", "Book"):
        if name in streams:
            return b"".join(map(sectors.read, streams[name]))
        if name in small_streams:
            pieces = _Sectors(b"\0" * _SMALL + b"".join(map(sectors.read, of_small)), _SMALL)
            return b"".join(map(pieces.read, small_streams[name]))
    return b""


class _Sectors:
    """A file in sectors; the first begins one sector's length into it, after the header."""

    def __init__(self, content: bytes, size: int) -> None:
        self._content, self.size = content, size

    def read(self, number: int) -> bytes:
        """A sector; less of it, or nothing, where the file ends before."""
        at = (number + 1) * self.size
        return self._content[at : at + self.size]


def _list_table(content: bytes, sectors: _Sectors, listing: int) -> list[int]:
    """The sectors that the table of what follows what stands in, in their order."""
    numbers_listed = list(struct.unpack_from(f"<{_LISTED_IN_HEADER}I", content, 76))
    seen: set[int] = set()
    while listing < _LAST and (numbers := _numbers([sectors.read(listing)])):
        if listing in seen:
            raise UnreadableError("FILE-FORMAT", *DAMAGED)
        seen.add(listing)
        *more, listing = numbers
        numbers_listed += more
    return [number for number in numbers_listed if number < _LAST]


def _numbers(blocks: Iterator[bytes] | Sequence[bytes]) -> tuple[int, ...]:
    joined = b"".join(blocks)
    return struct.unpack(f"<{len(joined) // 4}I", joined[: len(joined) // 4 * 4])


def _follow(table: tuple[int, ...], start: int) -> Iterator[int]:
    """The numbers of a chain, from its first on. Raises UnreadableError where it has no end."""
    number = start
    for _ in range(len(table) + 1):
        if number >= len(table):  # its end, or a place that is not there
            return
        yield number
        number = table[number]
    raise UnreadableError("FILE-FORMAT", *DAMAGED)
