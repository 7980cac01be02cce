"""The text that an ODS keeps beside a number, against what the number is under its format.

A spreadsheet program shows the number anew when it opens the file; others (previews, converters)
show the text. Where the two are different figures, nothing says which of them was meant.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from flows.read.number_format import SIGNS, parse_format

_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_BLANKS_AND_GROUPS = re.compile(r"[\s\u00a0\u2009\u202f,，'’]")
_EXPONENT, _LETTER = re.compile(r"(?<=[\d.])[eE][+-]?\d+"), re.compile(r"[^\W\d_]|‰")
_SWAPPED = str.maketrans(".,", ",.")  # of a language with decimal commas


def is_text_of(text: str, stored: str, code: str) -> bool:
    """Whether a text says what a stored number is under a format code, but for rounding."""
    if text == stored:
        return True
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return True
    shown = parse_format(code).show(number)
    if shown is None or shown.unknown or shown.is_unsigned or "/" in code or "#" in text:
        return True  # a date, a fraction, a cell too narrow; the others are asked about anyway
    figure = shown.text or (format(number, "f") if not shown.is_hidden else "")
    return (
        _is_same_number(text, figure) or _is_same_number(text.translate(_SWAPPED), figure)
    ) and _words_of(text) <= _words_of(figure)


def _is_same_number(text: str, figure: str) -> bool:
    seen, meant = (_NUMBER.findall(_BLANKS_AND_GROUPS.sub("", t)) for t in (text, figure))
    if not seen:  # a dash, dots, or words, which are compared as words
        return True
    if len(seen) != 1 or len(meant) != 1:
        return seen == meant
    first, second = Decimal(seen[0]), Decimal(meant[0])
    half = Decimal((0, (5,), int(first.as_tuple().exponent) - 1))
    is_near = abs(first - second) <= half * Decimal("1.000001")
    return is_near and (not first or _has_sign(text) == _has_sign(figure))


def _has_sign(text: str) -> bool:
    return SIGNS.search(_EXPONENT.sub("", text)) is not None


def _words_of(text: str) -> set[str]:
    return set(_LETTER.findall(SIGNS.sub("", _EXPONENT.sub("", text))))
