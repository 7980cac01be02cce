"""Noun: the reporting quarter, and how people write it.

In: text such as `2022Q3`, `2022年1-9月`, `2022年前三季度`. Out: `Period(2022, 3)`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?P<year>19(?:49|[5-9][0-9])|20[0-9]{2})"
_FROM_JANUARY = r"1?月?[-~至到](?P<month>3|6|9|12)月"
_FROM_FIRST = r"[1一]季?度?[-~至到](?P<quarter>[234二三四])季度"
# Each pattern names the quarter it means; spaces and long dashes are gone before. The most telling first.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR + r"年?[-_/.]?[Qq](?P<quarter>[0-9]+)",
        r"[Qq](?P<quarter>[1-4])[-_/.]?" + _YEAR,
        _YEAR + r"[年.]?度?" + _FROM_JANUARY,
        _YEAR + r"年度?" + _FROM_FIRST,
        _YEAR + r"年度?前(?P<quarter>[234二三四])个?季度",
        _YEAR + r"年度?第?(?P<quarter>[一二三四1-4])季度",
        _YEAR + r"年(?P<half>上半年)",
        _YEAR + r"年(?P<whole>全年)",
    )
)


@dataclass(frozen=True, order=True)
class Period:
    """A calendar quarter; ordered in time; printed as `2022Q3`."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        """Raise ValueError for what is no quarter of a plausible year."""
        if not 1 <= self.quarter <= 4:
            raise ValueError(f"there is no quarter {self.quarter} in a year")
        if not 1949 <= self.year <= 2199:
            raise ValueError(f"{self.year} is not a plausible year")

    def __str__(self) -> str:
        """Print as `2022Q3`."""
        return f"{self.year}Q{self.quarter}"

    @property
    def title_zh(self) -> str:
        """The span a year-to-date figure of this quarter covers, as printed on forms."""
        return f"{self.year}年1-{self.quarter * 3}月"

    def year_earlier(self) -> Period:
        """The same quarter one year before."""
        return Period(self.year - 1, self.quarter)

    def previous(self) -> Period:
        """The quarter just before this one."""
        return Period(self.year - 1, 4) if self.quarter == 1 else Period(self.year, self.quarter - 1)


def parse_period(code: str) -> Period:
    """`2022Q3` (exactly) to a Period. Raises ValueError with the form expected."""
    match = re.fullmatch(r"([0-9]{4})Q([1-4])", code)
    if not match:
        raise ValueError(f"“{code}” is not a period; write the year, Q and the quarter, e.g. 2022Q3")
    return Period(int(match[1]), int(match[2]))


def find_period(text: str) -> Period | None:
    """The quarter that a title, a heading or a cell names, or None where it names none.

    A span from January (`1-9月`) is the year-to-date of its last quarter.
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    text = re.sub(r"[—–−‐―]+", "-", text)
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        found = match.groupdict()
        if found.get("month"):
            quarter = int(found["month"]) // 3
        elif found.get("half"):
            quarter = 2
        elif found.get("whole"):
            quarter = 4
        else:
            quarter = _NUMERALS.get(found["quarter"], 0)
        if 1 <= quarter <= 4:
            return Period(int(found["year"]), quarter)
    return None
