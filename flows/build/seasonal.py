"""Seasonal adjustment (季节调整), the one metric that is not SQL: STL of five years of quarters or
more.

In: `staging.seasonal_series`, each row a series without a gap and its settings
(`ref.seasonal_setting`). Out: `derived.seasonal_adjustment`, a row a quarter. A series is computed
once: its hash stands beside it, and one that has not changed since is left as it is. statsmodels
takes seconds to import, so it is imported only where a series is new. Method: F21 of
docs/methodology.md#seasonal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

# a look that costs little, before the view that orders every quarter of every series
_LONG_ENOUGH = "select exists(from staging.long_series)"
_SERIES = "create or replace temp table adjustable as from staging.seasonal_series"
_NONE = "create or replace temp table adjustable as from staging.seasonal_series limit 0"
_STALE = """
delete from derived.seasonal_adjustment
where series_hash not in (select s.series_hash from adjustable as s)
"""
_FRESH = """
select s.* from adjustable as s
where s.series_hash not in (select a.series_hash from derived.seasonal_adjustment as a)
order by s.zone, s.indicator, s.industry, s.basis, s.price_basis
"""
_KEYS = ("zone", "indicator", "industry", "basis", "price_basis")
_AT_A_TIME = 2000


@dataclass(frozen=True)
class Parts:
    """A series split: without its season, its trend, and the season as a factor (None where the
    season is a sum). Arrays of one length, that of the series; `transform` is "log" or "none".
    """

    adjusted: np.ndarray
    trend: np.ndarray
    factor: np.ndarray | None
    transform: str


def adjust(con: duckdb.DuckDBPyConnection) -> int:
    """Bring `derived.seasonal_adjustment` up to what the views give; returns how many series were
    computed anew.
    """
    [(long_enough,)] = con.execute(_LONG_ENOUGH).fetchall()
    con.execute(_SERIES if long_enough else _NONE)
    con.execute(_STALE)
    cursor = con.execute(_FRESH)
    names = [column[0] for column in cursor.description]
    fresh = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    # rows of some thousand series fit in memory, those of a nation do not
    for start in range(0, len(fresh), _AT_A_TIME):
        rows = [row for series in fresh[start : start + _AT_A_TIME] for row in _tabulate(series)]
        con.register("incoming", pa.Table.from_pylist(rows))
        con.execute("insert into derived.seasonal_adjustment by name select * from incoming")
        con.unregister("incoming")
    con.execute("drop table adjustable")
    return len(fresh)


def split_series(values: Sequence[float], seasons: int, window: int, robust: bool) -> Parts:
    """STL of the logarithms where every value is positive (the season is then a factor), else of
    the values.
    """
    from statsmodels.tsa.seasonal import STL

    series = np.asarray(values, dtype=float)
    positive = bool((series > 0).all())
    fitted = STL(
        np.log(series) if positive else series, period=seasons, seasonal=window, robust=robust
    ).fit()
    if positive:
        factor = np.exp(fitted.seasonal)
        return Parts(series / factor, np.exp(fitted.trend), factor, "log")
    return Parts(series - fitted.seasonal, fitted.trend, None, "none")


def _tabulate(series: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of one series, with the settings that gave them."""
    import statsmodels

    parts = split_series(
        series["quarter_values"], series["seasons"], series["seasonal_window"], series["is_robust"]
    )
    settings = {
        k: series[k]
        for k in (
            *_KEYS,
            "method",
            "seasonal_window",
            "is_robust",
            "quarters",
            "first_period",
            "last_period",
        )
    }
    settings |= {
        "figures_hash": series["figures_hash"],
        "series_hash": series["series_hash"],
        "transform": parts.transform,
    }
    settings["method_version"] = f"statsmodels {statsmodels.__version__}"
    for n, period in enumerate(series["periods"]):
        yield settings | {
            "period": period,
            "value_quarter": series["quarter_values"][n],
            "value_adjusted": float(parts.adjusted[n]),
            "value_trend": float(parts.trend[n]),
            "seasonal_factor_ratio": None if parts.factor is None else float(parts.factor[n]),
        }
