"""Units of measurement as people write them, and how much of a base unit one of each is."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from decimal import Decimal

from flows import SQL_DIR
from flows.model.text import clean


@dataclass(frozen=True)
class Unit:
    """A unit people write, and how much of its base unit one of it is."""

    unit: str
    base_unit: str
    factor: Decimal
    is_whole: bool = False  # whether what it counts comes in whole ones only

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


def find_unit(text: str) -> str | None:
    """The known unit that `text` names: alone, after `单位:`, or in the last brackets of a
    heading.
    """
    tidy = clean(text)
    named = re.findall(r"单位:?([^)\]]+)", tidy)
    bracketed = re.findall(r"[(\[【]([^()\[\]【】]+)[)\]】]", tidy)
    units = load_units()
    for candidate in (*named, *reversed(bracketed), tidy):
        for part in re.split(r"[,;/]", candidate):  # “单位:亿元、%” gives the unit of the levels
            for spelling in (part, part.upper(), part.removeprefix("人民币")):
                if spelling in units:
                    return spelling
    return None


def units_for(base_unit: str) -> str:
    """The units that convert to a base unit, as a person would list them."""
    return "、".join(u.unit for u in load_units().values() if u.base_unit == base_unit)
