"""What an XLS says beside its cells, and xlrd passes over: the text at the top and bottom of each
page, boxes of text over the sheet, and what is shown beside a cell while it is filled in.

In: the records of one sheet (BIFF8), [MS-XLS] 2.4.136, 2.4.124, 2.4.181, 2.4.329, 2.4.90.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from flows.read.cell_facts import Range
from flows.read.xls_conditions import list_records
from flows.read.xlsx_notes import plain_header

_HEADER, _FOOTER = 0x0014, 0x0015
_OBJECT, _TEXT, _GOES_ON = 0x005D, 0x01B6, 0x003C
_VALIDITY = 0x01BE
_COMMENT = 0x0019  # the kind of an object that is a cell's comment, which xlrd reads


def list_printed(stream: bytes, at: int) -> tuple[str, ...]:
    """The words of the headers and footers of the sheet whose records begin at `at`."""
    texts = (
        _read_text(bytes(stream[place : place + size]))
        for _, place, size in list_records(stream, at, (_HEADER, _FOOTER))
    )
    return tuple(words for text in texts for words in plain_header(text))


def list_boxes(stream: bytes, at: int) -> tuple[str, ...]:
    """The paragraphs of the boxes of text over the sheet whose records begin at `at`."""
    paragraphs = (line.strip() for text in _gather_boxes(stream, at) for line in text.split("\n"))
    return tuple(line for line in paragraphs if line)


def list_prompts(stream: bytes, at: int) -> list[tuple[Range, str]]:
    """What the rules of validity of a sheet show beside their cells, by area; one that cannot be
    read shows nothing.
    """
    prompts: list[tuple[Range, str]] = []
    for _, place, size in list_records(stream, at, (_VALIDITY,)):
        try:
            prompts += _read_prompt(bytes(stream[place : place + size]))
        except struct.error:
            continue
    return prompts


def _read_prompt(body: bytes) -> list[tuple[Range, str]]:
    """Flags, four texts (two titles, two messages), two formulas, and areas."""
    texts, place = [], 4
    for _ in range(4):
        letters, is_wide = struct.unpack_from("<HB", body, place)
        texts.append(_read_text(body[place:]).strip("\0"))
        place += 3 + letters * (1 + (is_wide & 1))
    for _ in range(2):
        place += 4 + struct.unpack_from("<H", body, place)[0]
    [count] = struct.unpack_from("<H", body, place)
    text = "\n".join(texts[n] for n in (0, 2, 1, 3) if texts[n])
    ends = (
        struct.unpack_from("<HHHH", body, place + 2 + 8 * n) for n in range(count if text else 0)
    )
    return [((top, left, bottom, right), text) for top, bottom, left, right in ends]


def _gather_boxes(stream: bytes, at: int) -> Iterator[str]:
    """The text of each box, whose pieces follow it record by record."""
    is_comment, missing, text = False, 0, ""
    for kind, place, size in list_records(stream, at, (_OBJECT, _TEXT, _GOES_ON)):
        body = bytes(stream[place : place + size])
        if kind == _GOES_ON:
            if missing > 0:
                text += _decode(body[1:], bool(body[:1] != b"\0"))[:missing]
                missing -= len(body[1:]) // (2 if body[:1] != b"\0" else 1)
            continue
        yield text
        text, missing = "", 0
        if kind == _OBJECT:
            is_comment = _number_at(body, 4) == _COMMENT
        elif not is_comment:
            missing = _number_at(body, 10)
    yield text


def _number_at(body: bytes, place: int) -> int:
    return int.from_bytes(body[place : place + 2], "little")


def _read_text(body: bytes) -> str:
    """A text of the record; one that cannot be read is none."""
    try:
        letters, is_wide = struct.unpack_from("<HB", body)
    except struct.error:
        return ""
    is_wide &= 1
    return _decode(body[3 : 3 + letters * (1 + is_wide)], bool(is_wide))


def _decode(text: bytes, is_wide: bool) -> str:
    try:
        return text.decode("utf-16-le" if is_wide else "latin-1")
    except UnicodeDecodeError:
        return ""
