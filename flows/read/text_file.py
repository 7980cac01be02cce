"""How the bytes of a text file become characters, and what cuts its lines into cells.

In: bytes, or text. Out: the encoding by its name and the text; the delimiter. A clean decode proves
nothing: what it gives has to look like print as well. Raises UnreadableError where nothing fits.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import statistics
from collections.abc import Iterator

import charset_normalizer

from flows.model.errors import UnreadableError

DELIMITERS = (",", "\t", ";", "|", "，", "；")
_SCORED_ROWS = 200  # by the lines at the top, which stand for the rest

csv.field_size_limit(10**9)  # a quote that is never closed makes one cell of the rest of a file


def decode(content: bytes) -> tuple[str, str]:
    """The encoding, and the text. Raises UnreadableError where none gives what looks like text."""
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "utf-8" and _CONTROL.search(text[:5000]):
            raise UnreadableError(
                "FILE-FORMAT", "这不是文本，也不是工作簿", "it is neither text nor a workbook"
            )
        if encoding in _CERTAIN or _looks_chinese(text[:100_000]):
            return encoding, text
    raise UnreadableError("FILE-ENCODING")


_CERTAIN = ("utf-8", "utf-8-sig", "utf-16")


def _candidates(content: bytes) -> Iterator[str]:
    """The encodings to try, the surest first: a mark at the start, UTF-8, GB18030, then a guess."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            yield encoding
            return
    sample = content[:4000]
    if (
        sample.count(0) > len(sample) // 8
    ):  # UTF-16 without its mark: ASCII has a zero byte beside each letter
        yield "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
        return
    yield "utf-8"
    yield "gb18030"
    guess = charset_normalizer.from_bytes(content[:200_000]).best()
    if guess is not None:
        yield guess.encoding


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def _looks_chinese(text: str) -> bool:
    """Tell whether the characters beyond ASCII are those of Chinese print, with no control
    characters.
    """
    if _CONTROL.search(text[:5000]):
        return False
    beyond = [c for c in text if ord(c) > 127]
    # GB2312 has the vowels of pinyin as well, which are those of a Latin-1 text read wrongly
    common = sum(
        1 for c in beyond if (ord(c) >= 0x2000 or c in "×÷°·±") and c.encode("gb2312", "ignore")
    )
    return common >= 0.8 * len(beyond)


def find_delimiter(text: str) -> str:
    """The mark that cuts most lines into the same number of cells, more than one; or the one that
    `sep=;` names.
    """
    named = re.match(r"\ufeff?sep=(.)\r?\n", text, re.I)
    if named and named[1] in DELIMITERS:
        return named[1]
    scores = {}
    for delimiter in DELIMITERS:
        widths = [
            len(row)
            for row in itertools.islice(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SCORED_ROWS
            )
        ]
        usual = statistics.mode(w for w in widths if w > 1) if any(w > 1 for w in widths) else 1
        scores[delimiter] = (sum(w == usual for w in widths) if usual > 1 else 0, usual)
    return max(scores, key=lambda d: scores[d])


_DECIMAL_COMMA = re.compile(r"([+-]?\d+),(\d+)([%％]?)")


def point_decimals(rows: list[list[str | None]]) -> list[list[str | None]]:
    """The cells of a file cut by `;` with points for its decimal commas (`41,82`).

    Programs cut cells by `;` where the comma is the decimal point. They are left as they are unless
    one at least can be nothing else, and no figure has a point of its own.
    """
    cells = [cell for row in rows for cell in row if cell]
    figures = [match for cell in cells if (match := _DECIMAL_COMMA.fullmatch(cell))]
    is_certain = any(len(match[2]) != len("000") for match in figures)
    if not is_certain or any(re.search(r"\d\.\d|\d,\d+,\d", cell) for cell in cells):
        return rows
    pointed = {match[0]: f"{match[1]}.{match[2]}{match[3]}" for match in figures}
    return [[pointed.get(cell or "", cell) for cell in row] for row in rows]
