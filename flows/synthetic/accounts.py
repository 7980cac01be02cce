"""The accounts of a synthetic zone: output by parts that add up, quarter by quarter.

In: how large the parts are and how they move. Out: of each quarter the levels of the year to date
    at current
prices and their growth at constant prices, as they are printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flows.model.period import Period

# what of a year's output is an industry's in a zone of middling size, by line of the form;
# manufacturing is inside industry
INDUSTRIES = {
    "va_agriculture": 0.04,
    "va_industry": 0.40,
    "va_construction": 0.06,
    "va_trade": 0.11,
    "va_transport": 0.05,
    "va_accommodation": 0.02,
    "va_finance": 0.06,
    "va_real_estate": 0.06,
    "va_information": 0.04,
    "va_business": 0.04,
    "va_other": 0.12,
}
MANUFACTURING = 0.86  # of industry


@dataclass(frozen=True)
class Parts:
    """Parts of a year's output by code, and how each moves: volume and price in per cent a year,
    and
    its season.
    """

    size: float
    shares: Mapping[str, float]
    trend: Mapping[str, float]
    price: Mapping[str, float]
    seasons: Mapping[str, tuple[float, ...]]


Printed = tuple[
    Period, dict[str, float], dict[str, float] | None
]  # levels, and growth where there is a year earlier


def simulate_parts(
    rng: np.random.Generator, quarters: Sequence[Period], parts: Parts
) -> Iterator[Printed]:
    """Volume and price are drawn apart, so that level and growth agree as they do in life. The
    first
    year has no growth.
    """
    current: dict[str, list[float]] = {
        part: [] for part in parts.shares
    }  # quarters at their own prices
    constant: dict[str, list[float]] = {
        part: [] for part in parts.shares
    }  # at the prices of a year earlier
    for at, period in enumerate(quarters):
        cycle = rng.normal(0, 0.6)
        for part, share in parts.shares.items():
            if at < 4:
                volume = current_price = (
                    parts.size * share * parts.seasons[part][period.quarter - 1]
                )
            else:
                volume = current[part][at - 4] * (
                    1 + (parts.trend[part] + cycle + rng.normal(0, 0.4)) / 100
                )
                current_price = volume * (1 + (parts.price[part] + rng.normal(0, 0.3)) / 100)
            constant[part].append(volume)
            current[part].append(current_price)
        first = at - period.quarter + 1
        levels = {part: round(sum(current[part][first : at + 1]), 2) for part in parts.shares}
        if at < 4:
            yield period, levels, None
        else:
            rates = {
                p: round(
                    (sum(constant[p][first : at + 1]) / sum(current[p][first - 4 : at - 3]) - 1)
                    * 100,
                    1,
                )
                for p in parts.shares
            }
            yield period, levels, rates


def headline_growth(levels: Mapping[str, float], rates: Mapping[str, float]) -> float:
    """Growth of the total as it rounds, from the parts as they are printed (F6)."""
    base = sum(levels[part] / (1 + rates[part] / 100) for part in levels)
    return round((sum(levels.values()) / base - 1) * 100, 1)
