"""The steps of a chart's axis, and bars to both sides of zero."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MOST = 6  # steps from end to end


def choose_ticks(
    values: Sequence[float], least: float = 0.1, *, has_zero: bool = True
) -> list[float]:
    """Even ticks around the values, 1, 2 or 5 times a power of ten apart, and no less than
    `least`. Zero is among them if it is asked for, or the values are all one.
    """
    low, high = min(values), max(values)
    if has_zero or low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    step = max(_choose_step(high - low), least) if low < high else least or 1.0
    decimals = 1 - math.floor(math.log10(step))
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    return [round(number * step, decimals) for number in range(first, last + 1)]


def _choose_step(distance: float) -> float:
    """The least by which `_MOST` steps go the distance."""
    power = 10.0 ** math.floor(math.log10(distance / _MOST))
    return next((n * power for n in (1, 2, 5) if distance <= _MOST * n * power), 10 * power)


def place_pulls(
    sectors: Iterable[Mapping[str, Any]], left: float = 0, right: float = 100
) -> list[dict[str, Any]]:
    """Bars to both sides of zero, between `left` and `right` per cent of the width."""
    complete = [row for row in sectors if row["contribution_pp"] is not None]
    low = min([0.0, *(float(row["contribution_pp"]) for row in complete)])
    high = max([0.0, *(float(row["contribution_pp"]) for row in complete)])
    scale = (right - left) / ((high - low) or 1)
    zero = left - low * scale
    return [
        {
            **row,
            "x": round(zero + min(float(row["contribution_pp"]), 0) * scale, 2),
            "width": round(max(abs(float(row["contribution_pp"])) * scale, 0.4), 2),
            "zero": round(zero, 2),
        }
        for row in complete
    ]
