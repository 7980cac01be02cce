"""The name on a heading or a line taken apart: its core, and everything that stands around it.

Nothing is thrown away: what stood in brackets, the marks of footnotes, the number in front and the
unit behind are kept beside the core, for a reader to understand or to ask about.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from flows.model.marks import drop_marks
from flows.model.text import clean

_OPEN, _CLOSE = "([{【〔〈《「『<", ")]}】〕〉》」』>"
_BRACKETED = re.compile(
    rf"[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}]*)[{re.escape(_CLOSE)}]"
)
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2})[,.:](?=\D)")  # 一、 and 1.
# `#制造业` is 其中：制造业, as yearbooks print it; a dash or a dot sets a part in
_OF_WHICH = re.compile(r"^(?:其中:?|#|[-·•●○◆◇■□▪►]+(?=[^\W\d_]))")
_UNIT_MARK = re.compile(r"(?<=.)[±+\-/]*([%‰])$")


@dataclass(frozen=True)
class Name:
    """A heading's or line's text, taken apart. `remarks` are the contents of its brackets."""

    core: str  # half-width, lower case, without spaces: for comparison
    remarks: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    unit: str | None = None  # `%` where the name ends in it (`比上年同期±%`)


@functools.lru_cache(maxsize=8192)
def read_name(text: str) -> Name:
    """Take a name apart. A name that stands in brackets as a whole is its own core."""
    plain, marks = drop_marks(text)
    tidy = _NUMBERING.sub("", clean(plain))
    remarks: list[str] = []
    rest = tidy
    while match := _BRACKETED.search(rest):
        if match[1]:
            remarks.append(match[1])
        rest = rest[: match.start()] + rest[match.end() :]
    rest = _OF_WHICH.sub("", rest)
    marks += tuple(re.findall(r"[*#]", rest))
    rest = re.sub(r"[:*#]", "", rest)
    unit = _UNIT_MARK.search(rest)
    if unit:
        rest = rest[: unit.start()]
    if not rest:
        return Name(tidy.lower(), (), marks)
    return Name(rest.lower(), tuple(remarks), marks, unit[1] if unit else None)


def tidy_heading(text: str) -> str:
    """The core of a heading or a row's name, by which it is compared with those of the form."""
    return read_name(text).core


@functools.lru_cache(maxsize=8192)
def plain_name(text: str) -> str:
    """A name whole, brackets included, for comparison with the names that a form spells in full."""
    return clean(drop_marks(text)[0]).strip("*#:").lower()


def find_remarks(text: str) -> tuple[str, ...]:
    """What stands in brackets anywhere in a text, from left to right, inner brackets first."""
    rest, remarks = clean(drop_marks(text)[0]), []
    while match := _BRACKETED.search(rest):
        if match[1]:
            remarks.append(match[1])
        rest = rest[: match.start()] + rest[match.end() :]
    return tuple(remarks)
