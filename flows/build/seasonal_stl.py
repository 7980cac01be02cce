"""STL, for the machines and series on which X-13 cannot run: splits, then forces each year's sum.

On logarithms the season is a factor whose geometric mean is 1, so that adjusted levels come out too
low; forcing each calendar year to its unadjusted sum takes that out as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

METHOD = "STL"
_A_YEAR = 4


@dataclass(frozen=True)
class Decomposition:
    """A series split: without its season, before and after its years were forced, its trend, and
    the season as a factor (None where the season is a sum). Arrays of one length, the series'.
    """

    adjusted: np.ndarray
    unforced: np.ndarray
    trend: np.ndarray
    factor: np.ndarray | None


def split_series(
    values: Sequence[float], first_quarter: int, seasons: int, window: int, robust: bool
) -> Decomposition:
    """STL of the logarithms where every value is positive (the season is then a factor), else of
    the values; `first_quarter` is 1 to 4.
    """
    from statsmodels.tsa.seasonal import STL

    series = np.asarray(values, dtype=float)
    positive = bool((series > 0).all())
    fitted = STL(
        np.log(series) if positive else series, period=seasons, seasonal=window, robust=robust
    ).fit()
    if positive:
        factor = np.exp(fitted.seasonal)
        unforced = series / factor
        trend = np.exp(fitted.trend)
    else:
        factor = None
        unforced = series - fitted.seasonal
        trend = fitted.trend
    return Decomposition(_force(series, unforced, first_quarter), unforced, trend, factor)


def _force(series: np.ndarray, adjusted: np.ndarray, first_quarter: int) -> np.ndarray:
    """Each whole calendar year in proportion to its unadjusted sum (by equal amounts where a value
    is not positive); a part of a year goes with the whole year beside it.
    """
    positive = bool((adjusted > 0).all())
    first = (1 - first_quarter) % _A_YEAR
    whole = (len(series) - first) // _A_YEAR
    year = np.clip((np.arange(len(series)) - first) // _A_YEAR, 0, whole - 1)
    span = slice(first, first + whole * _A_YEAR)
    sums = series[span].reshape(whole, _A_YEAR).sum(axis=1)
    to_force = adjusted[span].reshape(whole, _A_YEAR).sum(axis=1)
    if positive:
        return np.asarray(adjusted * (sums / to_force)[year])
    return np.asarray(adjusted + ((sums - to_force) / _A_YEAR)[year])


def name_version() -> str:
    """The library that splits, with its version."""
    import statsmodels

    return f"statsmodels {statsmodels.__version__}"
