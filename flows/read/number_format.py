"""The grammar of number formats: what a person sees in a cell that holds a number.

`parse_format` consumes the whole format code of a cell (`0.0%`, `0!.0000,"万"`, `[红色]-0.0;;;`) as
Excel, WPS and LibreOffice write it. `NumberFormat.show` gives the text of a number under it, with
every stored digit: a format that rounds hides nothing that matters, one that scales or adds words
says something else. What the grammar does not know stands in `Section.unknown`.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

# ECMA-376 part 1, 18.8.30; what Chinese programs add from 27 on are dates
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    **dict.fromkeys(range(14, 23), "yyyy-mm-dd"), **dict.fromkeys(range(27, 37), "yyyy-mm-dd"),
    37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys(range(50, 59), "yyyy-mm-dd"),
}  # fmt: skip

# a negative number that is shown without its minus says so by one of these
_SIGNS = re.compile(r"[-−－–—()（）▲△▼▽↓负降减跌落亏]")
_GENERAL = re.compile(r"general|standard|G/通用格式|通用格式|常规", re.I)
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
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
# conditions that say what the order of the sections says already, as LibreOffice writes them
_USUAL = ([">=0", ""], [">=0", "<0"], [">0", "<0", ""], [">=0", "<0", ""])
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


@dataclass(frozen=True)
class Shown:
    """What a person sees of a number, and what there is to say about it."""

    text: str  # empty where nothing is seen
    is_hidden: bool = False  # the format shows nothing of it
    is_unsigned: bool = False  # a negative number is shown without its sign
    is_scaled: bool = False  # it is shown at another size, and no per cent sign says so
    unknown: str | None = None  # the part of the format that is not understood


@dataclass(frozen=True)
class NumberFormat:
    """A whole format code, its sections in order."""

    code: str
    sections: tuple[Section, ...]

    @functools.cached_property
    def is_plain(self) -> bool:
        """Whether any number is shown as it is stored, but for rounding: nothing has to be said."""
        first, *others = self.sections[:3]
        if first.is_date:
            return True
        if not first.is_plain or first.condition:
            return False
        negative, zero = (*others, None, None)[:2]
        return (negative is None or _is_plain_negative(negative)) and (
            zero is None or zero.is_plain or _is_dash(zero)
        )

    @property
    def words_of_text(self) -> tuple[str, str] | None:
        """What it puts before and behind a cell of text; None where the text is shown as it is."""
        section = self.sections[3] if len(self.sections) > 3 else None
        if section is None or not section.has_number:
            return None
        words = section.prefix.strip(), section.suffix.strip()
        return words if any(words) else None

    def show(self, number: Decimal) -> Shown | None:
        """The text that a person sees, all stored digits kept; None for a date."""
        section, takes_sign = self._section_for(number)
        if section.is_date:
            return None
        if section.unknown:
            return Shown(_plain(number), unknown=" ".join(section.unknown))
        words = section.words
        if not section.has_number:
            if number == 0 and _is_dash(section):
                return Shown("0")
            return Shown(words, is_hidden=not words)
        if number == 0 and not section.shows_noughts:  # `"-"??`: a place without a digit is blank
            return Shown("0" if not words or _is_dash(section) else words)
        scaled = number.scaleb(2 * section.percents - 3 * section.thousands - section.shift)
        is_unsigned = number < 0 and takes_sign and not _SIGNS.search(words)
        if is_unsigned:  # the stored figure stands, and is asked about
            takes_sign = False
        digits = _digits(abs(scaled), section)
        sign = "-" if number < 0 and not takes_sign and _is_seen(digits) else ""
        text = f"{sign}{section.prefix.strip()}{digits}{section.suffix.strip()}"
        return Shown(
            text,
            is_unsigned=is_unsigned,
            is_scaled=bool(section.thousands or section.shift)
            or bool(section.percents and "%" not in words),
        )

    def _section_for(self, number: Decimal) -> tuple[Section, bool]:
        """The section that shows a number, and whether it shows the sign by words of its own."""
        numeric = self.sections[:3]
        if any(s.condition for s in numeric):
            for section in numeric:
                if section.holds(number):
                    return section, _takes_negatives_alone(section)
            return numeric[-1], False
        if len(numeric) > 1 and number < 0:
            return numeric[1], True
        if len(numeric) > 2 and number == 0:
            return numeric[2], False
        return numeric[0], False


def _takes_negatives_alone(section: Section) -> bool:
    return (
        section.condition is not None
        and section.condition[0] in ("<", "<=")
        and section.condition[1] <= 0
    )


def _is_plain_negative(section: Section) -> bool:
    """`-0.0`, `[红色]-0.0` and `(0.0)`: the number with its sign, as anybody writes it."""
    prefix, suffix = section.prefix.strip(), section.suffix.strip()
    return (prefix, suffix) in (("-", ""), ("(", ")"), ("（", "）")) and Section(
        places=section.places, percents=section.percents, thousands=section.thousands,
        shift=section.shift, inner=section.inner, unknown=section.unknown,
        has_number=section.has_number,
    ).is_plain  # fmt: skip


def _is_dash(section: Section) -> bool:
    """A nought that is shown as a dash, as accountants have it."""
    words = re.sub(r"[\s¥￥$]", "", section.prefix + section.inner + section.suffix)
    return bool(words) and not re.sub(r"[-−－–—]", "", words) and not section.unknown


def _is_seen(digits: str) -> bool:
    return bool(digits.strip("0."))


def _plain(number: Decimal) -> str:
    return format(number, "f") if number else "0"


def _digits(number: Decimal, section: Section) -> str:
    """The digits of a number at the size shown: at least the noughts that the format prints."""
    number = number.normalize() if number else Decimal(0)
    kept = max(0, -int(number.as_tuple().exponent))
    if not section.is_general and not section.is_fraction:
        kept = max(kept, section.decimals)
    text = f"{number:.{kept}f}"
    if section.noughts < 2:
        return text
    whole, point, rest = text.partition(".")
    return whole.zfill(section.noughts) + point + rest


# --- parsing --------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=4096)
def parse_format(code: str) -> NumberFormat:
    """A format code as its sections; the same code is parsed once."""
    sections = [_Parser(part).parse() for part in _split_sections(code or "General")]
    conditions = [f"{s.condition[0]}{s.condition[1]}" if s.condition else "" for s in sections[:3]]
    if conditions in _USUAL:
        for section in sections:
            section.condition = None
    return NumberFormat(code, tuple(sections))


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
            self._read_general, self._read_bracket, self._read_word, self._read_blank,
            self._read_exponent, self._read_place, self._read_mark, self._read_date,
        ):  # fmt: skip
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
        if _COLOUR.fullmatch(inside):
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
            if section.is_date and section.places.strip("0."):
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
