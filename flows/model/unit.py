"""Units of measurement as people write them, and how much of a base unit one of each is."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from decimal import Decimal

from flows import SQL_DIR
from flows.model.marks import drop_marks
from flows.model.text import clean

_MONEY = ("元", "美元")  # what amounts are said in; a rate of exchange is no factor
# what stands behind the stroke of a ratio by time: 元/月, 元/人·月, 吨/日
_EACH = re.compile(
    r"(?:[人户]?[·.*]?(?:年|月|季|季度|周|日|天|小时|时))?|month|year|day|hour", re.I
)


@dataclass(frozen=True)
class Unit:
    """A unit people write, and how much of its base unit one of it is."""

    unit: str
    base_unit: str
    factor: Decimal
    is_whole: bool = False  # whether what it counts comes in whole ones only

    @property
    def is_money(self) -> bool:
        """Whether it is one of a currency."""
        return self.base_unit in _MONEY

    @property
    def prefix(self) -> int:
        """The number that its name begins with: 10000 of 万元, 1 of 吨."""
        return next((size for word, size in _PREFIXES if self.unit.startswith(word)), 1)


_PREFIXES = (("百万", 10**6), ("亿", 10**8), ("万", 10**4), ("千元", 10**3))


@functools.cache
def load_units() -> dict[str, Unit]:
    """Every known unit by its text, from `sql/reference/unit.csv`."""
    with (SQL_DIR / "reference" / "unit.csv").open(encoding="utf-8") as source:
        return {
            row["unit"]: Unit(
                row["unit"], row["base_unit"], Decimal(row["factor"]), row["is_whole"] == "true"
            )
            for row in csv.DictReader(source)
        }


@functools.cache
def load_spellings() -> dict[str, str]:
    """Other ways to write a unit, from `sql/reference/unit_spelling.csv`: 亿 is 亿元 (万 may count
    persons as well), 100 million yuan too.
    """
    with (SQL_DIR / "reference" / "unit_spelling.csv").open(encoding="utf-8") as source:
        return {row["spelling"]: row["unit"] for row in csv.DictReader(source)}


def read_spelling(text: str) -> str | None:
    """The unit that a word is, whole: `亿元`, `亿元人民币`, `mw`, `millionyuan`."""
    units = load_units()
    bare = text.removeprefix("人民币").removesuffix("人民币")
    spellings = (text, text.upper(), bare, load_spellings().get(bare.lower(), ""))
    return next((spelling for spelling in spellings if spelling in units), None)


def find_unit(text: str) -> str | None:
    """The known unit that `text` names: alone, after `单位:`, or in the last brackets of a
    heading. A ratio (`元/月`) is none.
    """
    tidy = clean(drop_marks(text)[0]).rstrip("*#†‡")
    named = re.findall(r"单位:?([^()\[\]]+)", tidy)
    bracketed = re.findall(r"[(\[【]([^()\[\]【】]+)[)\]】]", tidy)
    outside = re.sub(r"[(\[【][^()\[\]【】]*[)\]】]", "", tidy)
    for candidate in (*named, *reversed(bracketed), outside):
        if whole := read_spelling(candidate):  # `10,000 yuan` is no list
            return whole
        for part in re.split(r"[,;]", candidate):  # “单位:亿元、%” gives the unit of the levels
            if unit := _first_of(part.split("/")):
                return unit
    return None


def _first_of(parts: list[str]) -> str | None:
    """The first known unit of `亿元/%`; None of a ratio: 元/月 and 元/吨 measure another thing than
    元 does, 元/人 does not.
    """
    units = [read_spelling(part) for part in parts]
    first = next((unit for unit in units if unit), None)
    if first is None or any(_EACH.fullmatch(part) for part in parts[1:]):
        return None
    beside = {load_units()[unit].base_unit for unit in units[1:] if unit}
    is_price = load_units()[first].is_money and beside - {"%", "人", *_MONEY}
    return None if is_price else first


def units_for(base_unit: str) -> str:
    """The units that convert to a base unit, as a person would list them."""
    return "、".join(u.unit for u in load_units().values() if u.base_unit == base_unit)
