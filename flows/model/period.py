"""The reporting quarter, and how people write it.

In: text such as `2022Q3`, `2022年1-9月`, `2022年前三季度`. Out: `Period(2022, 3)`.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from flows.model.numerals import read_small

_MONTHS = {
    "mar": 3,
    "march": 3,
    "jun": 6,
    "june": 6,
    "sep": 9,
    "sept": 9,
    "september": 9,
    "dec": 12,
    "december": 12,
}
_YEAR = r"(?P<year>19(?:49|[5-9][0-9])|20[0-9]{2})"
_FROM_JANUARY = r"0?1?月?(?:份)?[-~至到](?P<month>0?3|0?6|0?9|12)月(?:份|底|末)?"
_FROM_FIRST = r"[1一]季?度?[-~至到](?P<quarter>[234二三四])季度"
_ENGLISH = r"(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)-?quarter(?:of|,)?"
_TO_MONTH = (
    r"jan(?:uary)?\.?(?:-|to|~)(?P<name>mar(?:ch)?|june?|sept?(?:ember)?|dec(?:ember)?)\.?,?"
)
_FIRST_QUARTERS = r",?first(?P<quarter>two|three|four|[234])quarters(?:of|,)?"
# Each pattern names the quarter it means; spaces and long dashes are gone before. The most telling
# first.
_PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        _YEAR + r"年?[-_/.]?Q(?P<quarter>[0-9]+)",
        r"Q(?P<quarter>[1-4])[-_/.]?" + _YEAR,
        r"(?<![0-9])(?P<quarter>[1-4])Q[-_/.]?" + _YEAR,
        _YEAR + r"[年.]?度?" + _FROM_JANUARY,
        _YEAR + r"年度?" + _FROM_FIRST,
        _YEAR + r"年度?前(?P<quarter>[234二三四])个?季度",
        # 2022第三季度, 2022三季度; 2022 3季度 may be cut otherwise
        _YEAR + r"(?:年度?第?|第|(?=[一二三四]))(?P<quarter>[一二三四1-4])季度",
        _YEAR
        + r"年(?P<half>上半年)|"
        + _YEAR.replace("year", "year_of_half")
        + r"年?(?P<half_en>H1)(?![0-9])",
        _YEAR + r"年(?P<whole>全年)",
        r"截[至止](?:到)?" + _YEAR + r"年(?P<month>0?3|0?6|0?9|12)月(?:份|底|末)?(?:(?:30|31)日)?",
        r"(?:报告期别?|所属期|所属时期|统计期):?"
        + _YEAR
        + r"[年.-](?P<month>0?3|0?6|0?9|12)月?(?![0-9])",
        _ENGLISH + _YEAR,
        _YEAR + r",?" + _ENGLISH,
        _TO_MONTH + _YEAR,
        _YEAR + _TO_MONTH,
        _FIRST_QUARTERS + _YEAR,
        _YEAR + _FIRST_QUARTERS,
    )
)
# the whole of a heading, where a date or a month can only be the end of what the column covers
_HEADING_PATTERNS = (
    re.compile(
        _YEAR
        + r"[-/.年](?P<month>0?3|0?6|0?9|12)(?:[-/.月](?:30|31)日?)?月?(?:末|底)?(?:T?00:00:00)?$"
    ),
    re.compile(_YEAR + r"(?P<month>03|06|09|12)(?:30|31)?$"),
)
_FIGURES = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖"  # 贰零贰贰年 as on a form that is sealed
_DIGITS = str.maketrans(_FIGURES, "000123456789123456789")
_LETTERS = str.maketrans("OoIl", "0011")
_IN_FIGURES = re.compile(rf"[一二壹贰][{_FIGURES}]{{3}}(?=年)")
_OF_THE_REPUBLIC = re.compile(r"民国(\d{2,3})(?=年)")
_WITH_LETTERS = re.compile(r"(?<![A-Za-z\d])[12][\dOoIl]{3}(?=年)")
_SHORT_YEAR = re.compile(
    r"(?<![\d第近])['’‘]?([0-4]\d)(?=年(?:度|第?[一二三四1-4]个?季|[前首][一二两三四五六七八九十\d]|[上下]半年"
    r"|全年|(?:0?[1-9]|1[0-2])(?:月|[-~至到])|[一二三四五六七八九十]{1,2}月))"
)


# the first and last year that a quarter may be of
FIRST_YEAR, LAST_YEAR = 1949, 2199
_QUARTERS_ZH = "一二三四"
_LAST_MONTHS = ("March", "June", "September", "December")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar quarter; ordered in time; printed as `2022Q3`."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        """Raise ValueError for what is no quarter of a plausible year."""
        if not 1 <= self.quarter <= 4:
            raise ValueError(
                f"一年没有第 {self.quarter} 季度 · there is no quarter {self.quarter} in a year"
            )
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(
                f"{self.year} 年超出 {FIRST_YEAR} 至 {LAST_YEAR} · "
                f"{self.year} is not a plausible year"
            )

    def __str__(self) -> str:
        """Print as `2022Q3`."""
        return f"{self.year}Q{self.quarter}"

    @property
    def title_zh(self) -> str:
        """The span a year-to-date figure of this quarter covers, as printed on forms."""
        return f"{self.year}年1-{self.quarter * 3}月"

    @property
    def title_en(self) -> str:
        """The same span in English: `January to September 2022`."""
        return f"January to {_LAST_MONTHS[self.quarter - 1]} {self.year}"

    @property
    def quarter_zh(self) -> str:
        """The quarter alone: `2022年三季度`."""
        return f"{self.year}年{_QUARTERS_ZH[self.quarter - 1]}季度"

    @property
    def quarter_en(self) -> str:
        """The quarter alone in English: `third quarter of 2022`."""
        return f"{('first', 'second', 'third', 'fourth')[self.quarter - 1]} quarter of {self.year}"

    @property
    def start_on(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.quarter * 3 - 2, 1)

    @property
    def end_on(self) -> dt.date:
        """Its last day."""
        return dt.date(self.year, self.quarter * 3, 30 + (self.quarter in (1, 4)))

    def year_earlier(self) -> Period:
        """The same quarter one year before."""
        return Period(self.year - 1, self.quarter)

    def previous(self) -> Period:
        """The quarter just before this one."""
        return (
            Period(self.year - 1, 4) if self.quarter == 1 else Period(self.year, self.quarter - 1)
        )


def parse_period(code: str) -> Period:
    """`2022Q3` (exactly) to a Period. Raises ValueError with the form expected."""
    match = re.fullmatch(r"([0-9]{4})Q([1-4])", code)
    if not match:
        raise ValueError(
            f"“{code}”不是报告期，请写成年份加 Q 加季度，如 2022Q3 · "
            f"“{code}” is not a period; write the year, Q and the quarter, e.g. 2022Q3"
        )
    return Period(int(match[1]), int(match[2]))


@functools.lru_cache(maxsize=1024)
def find_period(text: str) -> Period | None:
    """The quarter that a title, a heading or a cell names, or None where it names none.

    A span from January (`1-9月`) is the year-to-date of its last quarter.
    """
    named = _search(_tidy(text), _PATTERNS)
    return named[0] if named else None


def find_heading_period(text: str) -> tuple[Period | None, str]:
    """The quarter that a heading names, and the heading without it; a date alone names its quarter
    there too.
    """
    tidy = _tidy(text)
    named = _search(tidy, _PATTERNS) or next(
        (f for p in _HEADING_PATTERNS if (f := _search(tidy, (p,))) and f[1].start() == 0), None
    )
    if named is None:
        return None, text
    period, match = named
    return period, tidy[: match.start()] + tidy[match.end() :]


def spell_years(text: str) -> str:
    """Every year of a tidy text in four digits: 二〇二一年, 民国110年, 2O21年, and 21年 or '21年 in
    front of a month, a quarter or 度.
    """
    text = _IN_FIGURES.sub(lambda year: year[0].translate(_DIGITS), text)
    text = _OF_THE_REPUBLIC.sub(lambda year: str(int(year[1]) + 1911), text)
    return _SHORT_YEAR.sub(r"20\1", _WITH_LETTERS.sub(_without_letters, text))


def _without_letters(year: re.Match[str]) -> str:
    digits = year[0].translate(_LETTERS)
    return digits if digits.isdecimal() else year[0]


def _tidy(text: str) -> str:
    """Half-width, without spaces, dashes made plain, years in four digits."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return spell_years(re.sub(r"[—–−‐―]+", "-", text))


def _search(tidy: str, patterns: Iterable[re.Pattern[str]]) -> tuple[Period, re.Match[str]] | None:
    for pattern in patterns:
        match = pattern.search(tidy)
        if match is None:
            continue
        groups = match.groupdict()
        quarter = _quarter_of(groups)
        if 1 <= quarter <= 4:
            return Period(int(groups.get("year") or groups["year_of_half"]), quarter), match
    return None


def _quarter_of(groups: dict[str, str | None]) -> int:
    """1 to 4; 0 where there is no such quarter."""
    if month := groups.get("month"):
        return int(month) // 3
    if name := groups.get("name"):
        return _MONTHS[name.lower()] // 3
    if groups.get("half") or groups.get("half_en"):
        return 2
    if groups.get("whole"):
        return 4
    return read_small(groups.get("quarter") or "0")
