"""Conditional formats of an XLS, which xlrd passes over: where they apply, and what they change.

xlrd stops at a rule that has a number format, so that the rules are taken out of what it reads.

In: the records of one sheet (BIFF8). Only what makes a figure another than it is counts: a number
format, letters that are struck through, or letters in white ([MS-XLS] 2.4.42, 2.4.56, 2.5.95).
Excel 2007 and later write what is new to them (a fourth rule, a format that goes on over other
rules) in records of their own: CondFmt12, CF12, and CFEx, which belongs to a CondFmt by number
([MS-XLS] 2.4.43, 2.4.44, 2.4.57).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from flows.read.cell_facts import BAR_ALONE, STRUCK, UNSEEN, Range
from flows.read.number_format import BUILT_IN, parse_format

_EOF, _BOF, _CONDFMT, _CF = 0x000A, 0x0809, 0x01B0, 0x01B1
_CONDFMT12, _CF12, _CFEX = 0x0879, 0x087A, 0x087B
_OF_CONDITIONS = (_CONDFMT, _CF, _CONDFMT12, _CF12, _CFEX)
_FUTURE_HEADER = 12  # bytes that begin a record of the later kind
_DXFN_OF_CF, _SIZE_OF_CF12, _SIZE_OF_CFEX = 6, 18, 26  # where a rule says what it changes
_BAR, _ICONS = 4, 6  # kinds of a CF12 that draw
_UNKNOWN = struct.pack("<H", 0x7FFF)  # a record that readers pass over
_HAS_NUMBER, _HAS_FONT, _HAS_PATTERN = 1 << 25, 1 << 26, 1 << 29  # of the flags of a DXFN
_FONT_BYTES, _AT_TRAITS, _AT_COLOUR, _AT_UNSET = 118, 68, 80, 88
_STRIKE = 1 << 7
_WHITE = (1, 9)
_CODE_UNREAD = "格式读不出来|a format that could not be read"


def list_conditions(stream: bytes, at: int) -> list[tuple[Range, str]]:
    """The areas of the sheet whose records begin at `at`, with the format or words for each."""
    areas: list[Range] = []
    numbered: dict[int, list[Range]] = {}
    conditions: list[tuple[Range, str]] = []
    for kind, place, size in list_records(stream, at, _OF_CONDITIONS):
        body = bytes(stream[place : place + size])
        change: str | None = None
        try:
            if kind in (_CONDFMT, _CONDFMT12):
                number, areas = _read_areas(body[_FUTURE_HEADER if kind == _CONDFMT12 else 0 :])
                numbered[number] = areas
            elif kind == _CF:
                change = _read_change(body, _DXFN_OF_CF)
            elif kind == _CF12:
                is_alone = _is_drawn_alone(body)
                change = BAR_ALONE if is_alone else _read_later_change(body, _SIZE_OF_CF12)
            else:
                is_before_cf12, number = struct.unpack_from("<IH", body, _FUTURE_HEADER)
                areas = numbered.get(number, [])
                has_change = not is_before_cf12 and body[_SIZE_OF_CFEX - 1]
                change = _read_later_change(body, _SIZE_OF_CFEX) if has_change else None
        except (struct.error, UnicodeDecodeError, IndexError):
            change = _CODE_UNREAD
        conditions += [(area, change) for area in areas if change]
    return list(dict.fromkeys(conditions))  # what CFEx says again of a rule is said once


def without_rules(stream: bytes, starts: list[int]) -> bytes:
    """The stream with the rules of the sheets that begin at `starts` made records of no kind."""
    rules = [r for at in starts for r in list_records(stream, at, (_CF,))]
    if not rules:
        return stream
    changed = bytearray(stream)
    for _, place, _ in rules:
        changed[place - 4 : place - 2] = _UNKNOWN
    return bytes(changed)


def list_records(stream: bytes, at: int, kinds: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of the records of one sheet that are of some kinds; charts within it
    have a beginning and an end of their own.
    """
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if kind in kinds and depth == 1:
            yield kind, at + 4, size
        at += 4 + size


def _read_areas(body: bytes) -> tuple[int, list[Range]]:
    """The number of the rules that follow, and where they apply."""
    number, count = struct.unpack_from("<H", body, 2)[0] >> 1, struct.unpack_from("<H", body, 12)[0]
    corners = (struct.unpack_from("<HHHH", body, 14 + 8 * n) for n in range(count))
    return number, [(top, left, bottom, right) for top, bottom, left, right in corners]


def _is_drawn_alone(body: bytes) -> bool:
    """Whether a CF12 draws a bar or an icon and does not show the number ([MS-XLS] 2.5.22, 2.5.24,
    2.5.29).
    """
    kind = body[_FUTURE_HEADER]
    if kind not in (_BAR, _ICONS):
        return False
    formulas = sum(struct.unpack_from("<HH", body, _FUTURE_HEADER + 2))
    (size,) = struct.unpack_from("<I", body, _SIZE_OF_CF12)
    at = _SIZE_OF_CF12 + 4 + (size or 2) + formulas
    (active,) = struct.unpack_from("<H", body, at)
    at += 2 + active + 5  # the formula by which it is active, its flags, its rank, its template
    at += 1 + body[at]  # and what fills the template
    return not body[at + 3] & 2 if kind == _BAR else bool(body[at + 5] & 1)


def _read_later_change(body: bytes, at: int) -> str | None:
    """What a rule of a later kind makes of a figure; at `at` stands how long its change is."""
    (size,) = struct.unpack_from("<I", body, at)
    return _read_change(body, at + 4) if size else None


def _read_change(body: bytes, at: int) -> str | None:
    """What a rule makes of a figure; None where it only colours it or its ground."""
    flags, more = struct.unpack_from("<IH", body, at)
    at += 6
    if flags & _HAS_NUMBER:
        code, at = _read_number(body, at, is_own=bool(more & 1))
        if not parse_format(code).is_plain:
            return code
    if not flags & _HAS_FONT:
        return None
    traits, colour, unset = (
        struct.unpack_from("<I", body, at + place)[0]
        for place in (_AT_TRAITS, _AT_COLOUR, _AT_UNSET)
    )
    if traits & _STRIKE and not unset & _STRIKE:
        return STRUCK
    return UNSEEN if colour in _WHITE and not flags & _HAS_PATTERN else None


def _read_number(body: bytes, at: int, *, is_own: bool) -> tuple[str, int]:
    """The code of the number format at a place, and where what follows begins."""
    if not is_own:
        return BUILT_IN.get(body[at + 1], "General"), at + 2
    size, letters, is_wide = struct.unpack_from("<HHB", body, at)
    text = body[at + 5 : at + 5 + letters * (2 if is_wide else 1)]
    return text.decode("utf-16-le" if is_wide else "latin-1"), at + size
