"""Rare spellings of months and quarters (捌月, 8M2022, 2022Ⅱ), and names of sheets that are a span
and no more (1-8, 0831, 2208).
"""

from __future__ import annotations

import calendar
import re

_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_BANKERS = str.maketrans(_FORMAL, "一二三四五六七八九十")
# a run is read from where it begins: tried at each of its characters, a long one takes for ever
_IN_WORDS = re.compile(
    rf"(?:(?<![{_FORMAL}\d])[{_FORMAL}\d]+[-~至到])?(?<![{_FORMAL}])[{_FORMAL}]+(?=月|个月|季)"
)
_FIRST_MONTHS = re.compile(r"(?<![\dA-Za-z])(?P<last>1[0-2]|0?[1-9])M[-./]?(?P<year>20\d\d)(?!\d)")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_SHORT_YEAR = re.compile(r"(?<![\dA-Za-z.])(?P<year>[12]\d)(?P<quarter>[Qq][1-4])(?![\dA-Za-z])")
_OF_YEAR = re.compile(r"(?P<year>20\d\d)年?[-./|]?第?(?P<roman>IV|I{1,3})(?:季度?)?(?![A-Za-z])")
_OF_QUARTER = re.compile(r"(?<![A-Za-z])(?P<roman>IV|I{1,3})(?=季)")

_MONTH = "0?[1-9]|1[0-2]"
ENGLISH_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTHS = re.compile(rf"(?P<first>{_MONTH})[-~至](?P<last>{_MONTH})")
_DAY = re.compile(r"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])")
_SHORT = re.compile(r"(?P<year>\d\d)(?P<month>0[1-9]|1[0-2])")
_ALONE = re.compile(r"(?P<month>0[1-9]|[4-9])")  # 1, 2 and 3 number sheets, or quarters
_QUARTERS = (1, 4, 7, 10)  # months in which they begin
_FEWEST = 3  # months from January on that a name is likely to mean: 1-2 numbers a table


def spell_parts(text: str) -> str:
    """A tidy text with such months and quarters as everybody writes them."""
    text = _IN_WORDS.sub(lambda words: words[0].translate(_BANKERS), text)
    text = _FIRST_MONTHS.sub(lambda m: f"{m['year']}年1-{int(m['last'])}月", text)
    text = _SHORT_YEAR.sub(lambda m: f"20{m['year']}{m['quarter']}", text)
    text = _OF_YEAR.sub(lambda m: f"{m['year']}年第{_ROMAN[m['roman']]}季度", text)
    return _OF_QUARTER.sub(lambda m: str(_ROMAN[m["roman"]]), text)


def is_month_end(year: int, month: int, day: int) -> bool:
    """Whether a day is the last of its month."""
    return day == calendar.monthrange(year, month)[1]


def read_bare_months(name: str, year: int) -> tuple[int, int] | None:
    """First and last month that a sheet's name means which is nothing but figures or a month; None
    where it may as well be a number of the sheet. `year` is the one that is asked for.
    """
    tidy = name.strip().lower().rstrip(".")
    if tidy[:3] in ENGLISH_MONTHS and tidy.isalpha() and len(tidy) <= len("september"):
        return 1, ENGLISH_MONTHS.index(tidy[:3]) + 1
    if match := _MONTHS.fullmatch(tidy):
        first, last = int(match["first"]), int(match["last"])
        is_likely = first < last and first in _QUARTERS and (first > 1 or last >= _FEWEST)
        return (first, last) if is_likely else None
    if match := _DAY.fullmatch(tidy):
        month, day = int(match["month"]), int(match["day"])
        return (1, month) if is_month_end(year, month, day) else None
    if (match := _SHORT.fullmatch(tidy)) and int(match["year"]) == year % 100:
        return 1, int(match["month"])
    match = _ALONE.fullmatch(tidy)
    return (1, int(match["month"])) if match else None
