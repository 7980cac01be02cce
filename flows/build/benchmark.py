"""Quarters benchmarked to the final figure of their year: Denton's method, proportional first
differences.

In: `staging.benchmark_series`, each row a series of whole years whose annual figure was revised
after it was first printed, with the quarters as they stood then. Out:
`derived.benchmarked_quarter`, a row a quarter. A series is computed once: its hash stands beside
it. Method: F34 of docs/methodology.md#benchmark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from flows.build.changed_zones import EVERY_ZONE
from flows.warehouse.database import fetch_rows

# a look that costs little: without a year that came twice there is nothing to benchmark
_ANY = """
select exists(from derived.benchmarked_quarter)
    or exists(
        select s.zone from ledger.submission as s
        where s.status <> 'rejected' and right(s.period, 1) = '4'
        group by s.form, s.zone, s.period having count(*) > 1
    )
"""
_NONE = "create or replace temp table benchmarkable as from staging.benchmark_series limit 0"
_SERIES = "insert into benchmarkable from staging.benchmark_series where {asked}"
_STALE = """
delete from derived.benchmarked_quarter
where {asked} and series_hash not in (select s.series_hash from benchmarkable as s)
"""
_FRESH = """
select s.* from benchmarkable as s
where s.series_hash not in (select q.series_hash from derived.benchmarked_quarter as q)
order by s.zone, s.indicator, s.industry
"""
METHOD = "Denton, proportional first differences"


def benchmark(con: duckdb.DuckDBPyConnection, asked: Sequence[str] = EVERY_ZONE) -> int:
    """Bring `derived.benchmarked_quarter` up to what the views give; returns how many series were
    computed anew. `asked`: conditions that together name the zones of which anything has changed.
    """
    [(is_any,)] = con.execute(_ANY).fetchall()
    if not is_any:
        return 0
    con.execute(_NONE)
    for zones in asked:
        con.execute(_SERIES.format(asked=zones))
        con.execute(_STALE.format(asked=zones))
    fresh = fetch_rows(con, _FRESH)
    rows = [row for series in fresh for row in _tabulate(series)]
    if rows:
        con.register("incoming", pa.Table.from_pylist(rows))
        con.execute("insert into derived.benchmarked_quarter by name select * from incoming")
        con.unregister("incoming")
    con.execute("drop table benchmarkable")
    return len(fresh)


def spread(quarters: Sequence[float], years: Sequence[float]) -> list[float]:
    """Quarters that add up to `years`, their ratio to `quarters` changing as little as can be.

    `quarters` are positive and may go on beyond the years: there the last ratio is carried on. The
    least squares of the steps of the ratio under the sums, by one linear system.
    """
    import numpy as np

    pattern = np.asarray(quarters, dtype=float)
    count, whole = len(pattern), len(years)
    steps = np.diff(np.eye(count), axis=0)
    sums = np.zeros((whole, count))
    for year in range(whole):
        sums[year, 4 * year : 4 * year + 4] = pattern[4 * year : 4 * year + 4]
    system = np.block([[steps.T @ steps, sums.T], [sums, np.zeros((whole, whole))]])
    right = np.concatenate([np.zeros(count), np.asarray(years, dtype=float)])
    ratios = np.linalg.solve(system, right)[:count]
    return [float(value) for value in ratios * pattern]


def _tabulate(series: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of one series, with the settings that gave them."""
    import numpy as np

    values = spread(series["quarter_values"], series["year_values"])
    kept = {k: series[k] for k in ("zone", "indicator", "industry", "unit", "series_hash")}
    for period, before, after in zip(
        series["periods"], series["quarter_values"], values, strict=True
    ):
        yield kept | {
            "period": period,
            "value_quarter": before,
            "value_benchmarked": after,
            "method": METHOD,
            "method_version": f"numpy {np.__version__}",
        }
