"""Text as our workbooks print it: its font, what a cell can hold of it, and how wide it is."""

from __future__ import annotations

import functools
import math
import unicodedata

FONT, INK, QUIET = "Microsoft YaHei", "1F2933", "66727E"
FORMULA_SIGNS = ("=", "+", "-", "@")  # a spreadsheet program takes what begins so for a formula

_TEXT = 32_000  # characters a cell can hold, less a little
_UNFIT = dict.fromkeys(n for n in range(ord(" ")) if chr(n) not in "\n\t")
_COMMENT_WIDTH = 400  # pixels


def clean_text(text: str) -> str:
    """Text without the characters that a workbook cannot hold."""
    return text[:_TEXT].translate(_UNFIT)


def measure_width(text: str) -> int:
    """How wide text is printed, in columns: a Chinese character takes two."""
    return len(text) if text.isascii() else sum(map(_width_of, text))


@functools.cache
def _width_of(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def count_lines(text: str, width: float) -> int:
    """Lines that text takes in a column so wide; where words are kept whole, lines are not quite
    full.
    """
    return sum(
        max(1, math.ceil(measure_width(line) * 1.04 / max(width - 2, 1)))
        for line in text.split("\n")
    )


def size_comment(text: str) -> tuple[int, int]:
    """Width and height in pixels of a comment that is to be read whole."""
    return _COMMENT_WIDTH, min(17 * count_lines(text, 60) + 24, 640)


def measure_height(texts: list[tuple[str, float]], width: float) -> float:
    """How high texts under each other are, each of its size in points, wrapped in a column so
    wide.
    """
    return sum(
        1.55 * size * count_lines(text.removesuffix("\n"), width * 10 / size)
        for text, size in texts
    )


def fit_height(heights: list[float]) -> float:
    """The height of a row whose cells are so high."""
    return min(max(heights, default=0.0) + 8, 405)
