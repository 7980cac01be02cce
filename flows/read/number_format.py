"""The grammar of number formats: what a person sees in a cell that holds a number.

`parse_format` reads the format code of a cell. `NumberFormat.show` gives the text of a number
under it, with every stored digit: a format that rounds hides nothing that matters, one that scales
or adds words says something else.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from flows.model.unit import find_unit, load_units
from flows.read.format_code import Section, read_sections
from flows.read.limits import check_limit

# ECMA-376 part 1, 18.8.30; what Chinese programs add from 27 on are dates
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    **dict.fromkeys(range(14, 23), "yyyy-mm-dd"),
    **dict.fromkeys(range(27, 37), "yyyy-mm-dd"),
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys(range(50, 59), "yyyy-mm-dd"),
}

# a negative number that is shown without its minus says so by one of these
SIGNS = re.compile(r"[-−－–—()（）▲△▼▽↓负降减跌落亏]")
_TRIANGLES = re.compile("[▲△▼▽]")  # a minus at a negative number; at a positive one they point
# conditions that say what the order of the sections says already, as LibreOffice writes them
_USUAL = ([">=0", ""], [">=0", "<0"], [">0", "<0", ""], [">=0", "<0", ""])


@dataclass(frozen=True)
class Shown:
    """What a person sees of a number, and what there is to say about it."""

    text: str  # empty where nothing is seen
    is_hidden: bool = False  # the format shows nothing of it
    is_worded: bool = False  # the format shows words in its place, or digits that are words
    is_unsigned: bool = False  # a negative number is shown without its sign
    is_scaled: bool = False  # it is shown at another size, and no per cent sign says so
    is_pointed: bool = False  # a triangle that is no minus stands at it, and is not in the text
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

    @functools.cached_property
    def money(self) -> str | None:
        """The unit of money that it shows behind every number (`0.0"亿元"`)."""
        unit = find_unit(self.sections[0].suffix.strip())
        return unit if unit and load_units()[unit].is_money else None

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
            return Shown(words, is_hidden=not words, is_worded=bool(words) and number != 0)
        if number == 0 and not section.shows_noughts:  # `"-"??`: a place without a digit is blank
            return Shown("0" if not words or _is_dash(section) else words)
        scaled = number.scaleb(2 * section.percents - 3 * section.thousands - section.shift)
        is_unsigned = number < 0 and takes_sign and not SIGNS.search(words)
        if is_unsigned:  # the stored figure stands, and is asked about
            takes_sign = False
        digits = _digits(abs(scaled), section)
        sign = "-" if number < 0 and not takes_sign and _is_seen(digits) else ""
        text = f"{sign}{section.prefix.strip()}{digits}{section.suffix.strip()}"
        is_pointed = number > 0 and bool(_TRIANGLES.search(words))
        return Shown(
            _TRIANGLES.sub("", text).strip() if is_pointed else text,
            is_pointed=is_pointed,
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
    is_signed = (prefix, suffix) in (("-", ""), ("(", ")"), ("（", "）"))
    return is_signed and replace(section, prefix="", suffix="").is_plain


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


@functools.lru_cache(maxsize=4096)
def parse_format(code: str) -> NumberFormat:
    """A format code as its sections; the same code is parsed once. Raises UnreadableError where it
    is over the limit.
    """
    check_limit("format_characters", len(code))
    sections = read_sections(code)
    conditions = [f"{s.condition[0]}{s.condition[1]}" if s.condition else "" for s in sections[:3]]
    if conditions in _USUAL:
        for section in sections:
            section.condition = None
    return NumberFormat(code, tuple(sections))
