"""What the tests of SQL and of the build share: an in-memory warehouse, built by the code that builds the real one.

`given` takes a few rows and gives back what a view makes of them. Every test runs in a transaction
that is rolled back, so the warehouse is built once a session and no test sees another's rows.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.build import step as build
from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form, Indicator
from flows.load import step as load
from flows.warehouse.database import scratch

YI = 100_000_000  # 亿元 in 元
SECTORS = {
    "primary": "va_primary",
    "secondary": "va_secondary",
    "tertiary": "va_tertiary",
    "total": "gdp",
}


@dataclass
class Given:
    """Rows given to the views, and the rows they give back. Zone `Z1` is nobody's."""

    con: duckdb.DuckDBPyConnection
    catalogue: dict[str, Form]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def submission(self, form: str, period: str, **more: Any) -> str:
        """A line of the ledger; gives its id. Received the day after the quarter unless it says otherwise."""
        number = next(self.numbers)
        year, quarter = int(period[:4]), int(period[5:])
        line = {
            "submission": f"s{number:04}", "path": f"Z1/{period}/{form}.csv", "form": form, "zone": "Z1", "period": period,
            "revision": 1, "received_at": f"{year}-{min(quarter * 3, 12):02}-28", "status": "accepted",
            "rows_read": 0, "rows_accepted": 0, "rows_held": 0,
        } | more  # fmt: skip
        names = ", ".join(line)
        self.con.execute(
            f"insert into ledger.submission ({names}) values ({', '.join('?' * len(line))})",
            list(line.values()),
        )
        return str(line["submission"])

    def figure(
        self,
        submission: str,
        indicator: str,
        value: float | str | None,
        *,
        unit: str | None = None,
        growth: float | str | None = None,
        decimals: int = 2,
        **more: Any,
    ) -> None:
        """A figure of a submission, `value` in the unit it is quoted in unless `unit` says another."""
        form, declared = self.declared(indicator)
        asked = "select zone, period from ledger.submission where submission = ?"
        zone, period = self.con.execute(asked, [submission]).fetchone() or ("", "")
        sent = unit or declared.quoted_unit
        factor, base = self.con.execute(
            "select factor, base_unit from ref.unit where unit = ?", [sent]
        ).fetchone() or (1, sent)
        number = None if value is None else Decimal(str(value))
        line = {
            "zone": zone, "period": period, "indicator": indicator, "basis": declared.basis,
            "value": None if number is None else number * factor, "unit": base, "value_reported": number,
            "unit_reported": None if number is None else sent, "decimals_reported": None if number is None else decimals,
            "growth_reported_pct": None if growth is None else Decimal(str(growth)),
            "growth_decimals": None if growth is None else 1, "qualifier": "exact", "obs_status": "A", "form": form.code,
            "submission": submission, "source_row": 2,
        } | more  # fmt: skip
        names = ", ".join(line)
        self.con.execute(
            f"insert into core.observation ({names}) values ({', '.join('?' * len(line))})",
            list(line.values()),
        )

    def declared(self, indicator: str) -> tuple[Form, Indicator]:
        """The indicator's declaration and its form's."""
        return next(
            (f, i) for f in self.catalogue.values() for i in f.indicators if i.code == indicator
        )

    def gdp(self, period: str, sectors: dict[str, tuple[Any, Any]], **more: Any) -> str:
        """A gdp submission: by sector the level in 亿元 and the growth in per cent. A sector left out is not reported."""
        submission = self.submission("gdp", period, **more)
        for sector, (value, growth) in sectors.items():
            self.figure(submission, SECTORS[sector], value, growth=growth)
        return submission

    def row(self, table: str, **line: Any) -> None:
        """A row of any table."""
        self.con.execute(
            f"insert into {table} ({', '.join(line)}) values ({', '.join('?' * len(line))})",
            list(line.values()),
        )

    def entries(self, table: str, submission: str, *lines: dict[str, Any]) -> None:
        """Rows of a register as a submission sent them, from row 2 on."""
        [(zone, period)] = self.con.execute(
            "select zone, period from ledger.submission where submission = ?", [submission]
        ).fetchall()
        for source_row, line in enumerate(lines, start=2):
            place = {"zone": zone, "period": period, "source_row": source_row}
            self.row(table, **place, submission=submission, **line)

    def finding(self, submission: str, **line: Any) -> None:
        """A finding about a submission, with the form, zone and quarter of it."""
        placed = self.con.execute(
            "select form, zone, period from ledger.submission where submission = ?", [submission]
        ).fetchone()
        self.row(
            "ledger.finding",
            submission=submission,
            **dict(zip(("form", "zone", "period"), placed or (), strict=True)),
            **line,
        )

    def rows(self, view: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        """What the view holds, in the order of its first columns."""
        return self.con.execute(
            f"select {columns} from {view} where {where} order by all"
        ).fetchall()

    def one(self, view: str, columns: str, where: str = "true") -> dict[str, Any]:
        """The one row there has to be, by column."""
        result = self.con.execute(f"select {columns} from {view} where {where}")
        names = [d[0] for d in result.description]
        rows = result.fetchall()
        assert len(rows) == 1, f"{view} where {where}: {len(rows)} rows"
        return dict(zip(names, rows[0], strict=True))


@pytest.fixture(scope="session")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse without a submission: tables by `load.prepare`, the rest by `build.build`."""
    with scratch() as con:

        @contextlib.contextmanager
        def in_memory(_: Path) -> Iterator[duckdb.DuckDBPyConnection]:
            yield con

        # ends before the yield: the rest of the session writes to files
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(load, "write_to", in_memory)
            patch.setattr(build, "write_to", in_memory)
            load.prepare(Path("in memory"), load_catalogue())
            build.build(Path("in memory"), load_catalogue())
        yield con


@contextlib.contextmanager
def for_a_moment(con: duckdb.DuckDBPyConnection) -> Iterator[Given]:
    """Rows that are gone afterwards."""
    con.execute("begin transaction")
    con.execute(
        "insert into ref.zone (zone, kind) values ('Z1', 'development_zone'), ('Z2', 'development_zone')"
    )
    try:
        yield Given(con, load_catalogue())
    finally:
        con.execute("rollback")


@pytest.fixture
def given(built: duckdb.DuckDBPyConnection) -> Iterator[Given]:
    """An empty warehouse to give rows to."""
    with for_a_moment(built) as empty:
        yield empty


@pytest.fixture
def momentary(built: duckdb.DuckDBPyConnection) -> Any:
    """`with momentary() as given:`, for tests that need many warehouses one after another."""
    return lambda: for_a_moment(built)
