"""The quarter that the cells over a column name together: `2022年三季度`, or 2022年 over 三季度."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flows.model.period import Period, find_heading_period
from flows.model.text import clean
from flows.model.unit import load_units
from flows.read.grid import Grid
from flows.read.heading_rows import Part

_THIS_YEAR = re.compile(
    r"(?:本年|今年|当年)?(?=0?1月?[-~至到]|一[-~至到][二三四]季度|前[二三四234]个?季度|第?[一二三四1-4]季度|上半年"
    r"|全年|jan(?:uary)?\.?(?:-|~|to)[a-z]|first(?:two|three|four|[234])quarters)",
    re.I,
)
_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
# titles over years side by side, each of which is a whole year
_ANNUAL = re.compile(r"数据库:年度数据|历年|各年(?!季)")
_TITLE_ROWS = 6


@dataclass(frozen=True)
class Dated:
    """The quarter over a column, the words beside it, and whether the cells give its year too."""

    period: Period | None
    words: list[Part]
    in_full: bool


@dataclass(frozen=True)
class HeadingPeriods:
    """Finds quarters in headings. One without a year is of the year that is asked for; a year by
    itself is a whole year where the titles say that the table is of years.
    """

    asked: Period
    is_annual: bool = False

    def read(self, parts: list[Part], is_field: list[bool]) -> Dated:
        """What the cells over a column name. `is_field` says which of them are left as they are."""
        period, in_full = None, False
        words: list[Part] = []
        year = self._year_over(parts)
        for part, is_kept in zip(parts, is_field, strict=True):
            if year is not None and part == year[0]:
                continue
            named, rest = (None, part.text)
            if not is_kept:
                named, rest, has_year = self.find(part.text, year[1] if year else None)
                in_full |= named is not None and has_year
            period = period or named
            if len(parts) > 1 and clean(rest) in load_units():
                rest = f"（{rest}）"  # a unit in a row of its own below the headings or above
            if clean(rest):
                words.append(Part(rest, part.spans))
        return Dated(period, words, in_full)

    def find(self, text: str, year: int | None = None) -> tuple[Period | None, str, bool]:
        """The quarter of a heading, the heading without it, and whether its year is said: by
        itself, or by `year` above it.
        """
        period, rest = find_heading_period(text)
        if period is not None:
            return period, rest, True
        plain = clean(text)
        if span := _THIS_YEAR.match(plain):
            named = plain[span.end() :]
            is_english = named[0].isalpha() and named.isascii()
            year_above = f"{year or self.asked.year}{'' if is_english else '年'}"
            period, rest = find_heading_period(year_above + named)
            return period, rest, year is not None
        if self.is_annual and (alone := _YEAR.fullmatch(plain)):
            return Period(int(alone[1]), 4), "", True
        return None, text, False

    def _year_over(self, parts: list[Part]) -> tuple[Part, int] | None:
        """The cell that gives the year of a quarter that stands below it without one."""
        for at, part in enumerate(parts):
            match = _YEAR.fullmatch(clean(part.text))
            if match and any(_THIS_YEAR.match(clean(p.text)) for p in parts[at + 1 :]):
                return part, int(match[1])
        return None


def is_annual(grid: Grid) -> bool:
    """Whether the titles of a sheet say that it is a table of years."""
    rows = grid.head[:_TITLE_ROWS]
    return any(cell and _ANNUAL.search(clean(cell)) for row in rows for cell in row)
