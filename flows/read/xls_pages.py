"""What is printed over and under the pages of an XLS, which xlrd passes over.

In: the records of one sheet (BIFF8), [MS-XLS] 2.4.136, 2.4.124.
"""

from __future__ import annotations

import struct

from flows.read.xls_conditions import list_records
from flows.read.xlsx_notes import plain_header

_HEADER, _FOOTER = 0x0014, 0x0015


def list_printed(stream: bytes, at: int) -> tuple[str, ...]:
    """The words of the headers and footers of the sheet whose records begin at `at`."""
    texts = (
        _read_text(bytes(stream[place : place + size]))
        for _, place, size in list_records(stream, at, (_HEADER, _FOOTER))
    )
    return tuple(words for text in texts for words in plain_header(text))


def _read_text(body: bytes) -> str:
    """A text of the record; one that cannot be read is none."""
    try:
        letters, is_wide = struct.unpack_from("<HB", body)
        text = body[3 : 3 + letters * (2 if is_wide & 1 else 1)]
        return text.decode("utf-16-le" if is_wide & 1 else "latin-1")
    except (struct.error, UnicodeDecodeError):
        return ""
