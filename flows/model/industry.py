"""The classification of industries: GB/T 4754 and the aggregates that national accounts print.

In: `sql/reference/industry.csv`. Out: an `Industry` for each code. An aggregate (工业 is sections
B to D) is no level of GB/T 4754: a figure can be of one, an enterprise cannot.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

from flows import SQL_DIR


@dataclass(frozen=True)
class Industry:
    """A line of the classification."""

    code: str
    level: str  # section, division, group, class, or aggregate
    title_zh: str
    title_en: str


@functools.cache
def load_industries() -> dict[str, Industry]:
    """Every industry by its code."""
    with (SQL_DIR / "reference" / "industry.csv").open(encoding="utf-8") as source:
        lines = csv.DictReader(source)
        return {
            line["code"]: Industry(line["code"], line["level"], line["title_zh"], line["title_en"])
            for line in lines
        }
