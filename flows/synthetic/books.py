"""What the ledgers of a synthetic zone share: rows by quarter, and days of a quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from flows.model.period import Period

Row = dict[str, str | None]
Book = dict[Period, list[Row]]
Step = tuple[Book, list[Row], Mapping[str, float]]  # where the rows go, the rows, what they state


def day_of(rng: np.random.Generator, period: Period, quarters_on: int = 0) -> dt.date:
    """A day of a quarter, or of one so many quarters on."""
    month = (period.quarter - 1) * 3 + quarters_on * 3
    return dt.date(
        period.year + month // 12, month % 12 + int(rng.integers(1, 4)), int(rng.integers(1, 29))
    )
