"""The steps of a chart's axis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

_MOST = 6  # steps from end to end


def choose_ticks(values: Sequence[float], least: float = 0.1) -> list[float]:
    """Even ticks around the values and zero, 1, 2 or 5 times a power of ten apart, and no less
    than `least`, which is itself one.
    """
    low, high = min(*values, 0.0), max(*values, 0.0)
    step = next(s for s in _steps(least) if high - low <= _MOST * s)
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    return [round(number * step, 6) for number in range(first, last + 1)]


def _steps(least: float) -> itertools.chain[float]:
    return itertools.chain.from_iterable(
        (least * 10**power, 2 * least * 10**power, 5 * least * 10**power)
        for power in itertools.count()
    )
