"""The letters of a format code: sections, placeholders, words, conditions, colours.

`read_sections` consumes the whole code (`0.0%`, `0!.0000,"万"`, `[红色]-0.0;;;`) as Excel, WPS and
LibreOffice write it. What it does not know stands in `Section.unknown`.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

_GENERAL = re.compile(r"general|standard|G/通用格式|通用格式|常规", re.I)
_WHITE = re.compile("white|白色?|(?:colou?r|颜色) ?2", re.I)
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d{1,2}"
    r"|[黑蓝绿红白黄]色?|青色|蓝绿色|洋红色?|颜色 ?\d{1,2})",
    re.I,
)
_HARMLESS = re.compile(r"DBNum[1-4]|NatNum\d{1,2}.*|ENG|\$-[0-9A-Fa-f]+(?:,\d+)?|~.*", re.I)
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CURRENCY = re.compile(r"\$([^-\]]+)(?:-[^\]]*)?")
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")
_DATE = re.compile(
    r"上午/下午|am/pm|a/p|yyyy|yy|y|mmmmm|mm?m?m?|dd?d?d?|hh?|ss?|aaaa?|e+|g+|b\d?b?|r+", re.I
)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_PLACES = frozenset("0#?")
_LITERALS = frozenset("$-+/():^&'~{}<>= ")


@dataclass
class Section:
    """One part of a format code between its semicolons."""

    prefix: str = ""  # words before the digits, as shown
    suffix: str = ""
    inner: str = ""  # words between the digits
    places: str = ""  # the placeholders and the point: `#0.00`
    percents: int = 0  # how often it is multiplied by a hundred
    thousands: int = 0  # how often it is divided by a thousand
    shift: int = 0  # decimals behind a point that is a mere letter: `0!.0000` divides by 10,000
    condition: tuple[str, Decimal] | None = None
    colour: str | None = None
    has_number: bool = False  # digits, General or @ show the number
    is_general: bool = False
    is_fraction: bool = False
    is_date: bool = False
    unknown: list[str] = field(default_factory=list)

    @functools.cached_property
    def words(self) -> str:
        """All that it shows beside the digits."""
        return f"{self.prefix} {self.inner} {self.suffix}".strip()

    @functools.cached_property
    def decimals(self) -> int:
        """How many digits it always shows behind the point."""
        return self.shift or len(re.sub(r"[^0]", "", self.places.partition(".")[2]))

    @property
    def is_plain(self) -> bool:
        """Whether the number itself is shown, with no words and at its own size."""
        return (
            self.has_number
            and not (self.percents or self.thousands or self.shift or self.unknown or self.words)
            and self.noughts < 2
        )

    @functools.cached_property
    def noughts(self) -> int:
        """How many digits it always shows before the point."""
        return self.places.partition(".")[0].count("0") - self.shift

    @property
    def shows_noughts(self) -> bool:
        """Whether a nought is printed where there is no digit."""
        return self.is_general or self.is_fraction or "0" in self.places

    def holds(self, number: Decimal) -> bool:
        """Whether its condition takes the number; a section without one takes any."""
        if self.condition is None:
            return True
        return _COMPARE[self.condition[0]](number, self.condition[1])


def read_sections(code: str) -> list[Section]:
    """The parts of a code in their order; an empty code is General."""
    return [_Parser(part).parse() for part in _split_sections(code or "General")]


def _split_sections(code: str) -> list[str]:
    """At the semicolons that are no letters of a word."""
    token = r'"[^"]*"?|\\.|!.|_.|\*.|\[[^\]]*\]?|[^;]'
    parts, at = [""], 0
    while at < len(code):
        if code[at] == ";":
            parts.append("")
            at += 1
            continue
        match = re.compile(token, re.S).match(code, at)
        assert match is not None  # the last branch takes any character but a semicolon
        parts[-1] += match[0]
        at = match.end()
    return parts


class _Parser:
    """Reads one section from left to right; every character has one meaning or is not known."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.section = Section()
        self.words: list[str] = [""]  # what stands before, between and behind the digits
        self.point_at: int | None = None  # how many digits stood before a literal point

    def parse(self) -> Section:
        section, text = self.section, self.text
        is_empty = not text
        while self.at < len(text):
            self._read_one()
        self._close()
        if is_empty:
            section.has_number = False
        return section

    def _read_one(self) -> None:
        for read in (
            self._read_general,
            self._read_bracket,
            self._read_word,
            self._read_blank,
            self._read_exponent,
            self._read_place,
            self._read_mark,
            self._read_date,
        ):
            if read():
                return
        character = self.text[self.at]
        self.at += 1
        if character in _LITERALS or not character.isascii():
            self._say(character)
        else:
            self.section.unknown.append(character)

    def _say(self, words: str) -> None:
        self.words[-1] += words

    def _read_general(self) -> bool:
        match = _GENERAL.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        self.section.is_general = True
        self._place("")
        return True

    def _read_bracket(self) -> bool:
        if self.text[self.at] != "[":
            return False
        end = self.text.find("]", self.at)
        end = len(self.text) if end < 0 else end
        inside, start = self.text[self.at + 1 : end].strip(), self.at
        self.at = end + 1
        if _WHITE.fullmatch(inside):  # on white paper nobody sees it
            self.section.unknown.append(self.text[start : self.at])
        elif _COLOUR.fullmatch(inside):
            self.section.colour = inside
        elif condition := _CONDITION.fullmatch(inside):
            self.section.condition = (condition[1], Decimal(condition[2]))
        elif _ELAPSED.fullmatch(inside):
            self.section.is_date = True
        elif currency := _CURRENCY.fullmatch(inside):
            self._say(currency[1])
        elif not _HARMLESS.fullmatch(inside):
            self.section.unknown.append(self.text[start : self.at])
        return True

    def _read_word(self) -> bool:
        """`"万元"`, and one letter behind a backslash or, in East Asia, an exclamation mark."""
        character = self.text[self.at]
        if character == '"':
            end = self.text.find('"', self.at + 1)
            end = len(self.text) if end < 0 else end
            words, self.at = self.text[self.at + 1 : end], end + 1
        elif character in "\\!" and self.at + 1 < len(self.text):
            words, self.at = self.text[self.at + 1], self.at + 2
        else:
            return False
        if words == "." and self.section.places and "." not in self.section.places:
            self.point_at = sum(c in _PLACES for c in self.section.places)
            self._say("\0")
        else:
            self._say(words)
        return True

    def _read_blank(self) -> bool:
        """A space as wide as a character, or a character that fills the cell."""
        if self.text[self.at] not in "_*":
            return False
        self.at += 2
        return True

    def _read_exponent(self) -> bool:
        match = re.compile(r"[eE][+-][0#?]+").match(self.text, self.at)
        if match is None or not self.section.places:
            return False
        self.at = match.end()
        return True

    def _read_place(self) -> bool:
        """Placeholders of digits, their point and commas, or the slash of a fraction."""
        match = re.compile(r"\?*/\s*[?#0-9]+|[0#?]|\.|,+|@").match(self.text, self.at)
        if match is None:
            return False
        mark = match[0]
        if "/" in mark:
            if not self.section.has_number:
                return False
            self.section.is_fraction = True
            self.at = match.end()
            self._place("")
            return True
        if mark[0] == "," and not self.section.places:
            return False
        self.at = match.end()
        if mark[0] == ",":
            follows = self.text[self.at : self.at + 1]
            if follows not in _PLACES or not follows:
                self.section.thousands += len(mark)
        elif mark == "@":
            self.section.is_general = True
            self._place("")
        else:
            self._place(mark)
        return True

    def _place(self, mark: str) -> None:
        if not self.section.has_number:
            self.words.append("")
        else:  # words stand before a digit and behind another
            self.section.inner += self.words.pop()
            self.words.append("")
        self.section.has_number = True
        self.section.places += mark

    def _read_mark(self) -> bool:
        if self.text[self.at] not in "%":
            return False
        self.at += 1
        self.section.percents += 1
        self._say("%")
        return True

    def _read_date(self) -> bool:
        match = _DATE.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        self.section.is_date = True
        return True

    def _close(self) -> None:
        section = self.section
        if section.has_number:
            section.prefix, section.suffix = self.words[0], self.words[-1].replace("\0", ".")
            if self.point_at is not None and section.inner == "\0":
                section.shift = sum(c in _PLACES for c in section.places) - self.point_at
                section.inner = ""
            if section.is_date and not section.places.startswith("."):  # `ss.000` is a moment
                section.is_date = False
                section.unknown.append(self.text)
        else:
            section.prefix = "".join(self.words)
        section.inner = section.inner.replace("\0", ".").strip()
        words = section.prefix + section.suffix
        if (
            section.has_number
            and not section.is_date
            and (section.inner or re.search(r"\d", words))
        ):
            section.unknown.append(section.inner or words.strip())
