"""Registers given to the views: enterprises that are nobody's, in a zone that is nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

THOUSAND = 1000
MILLION = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def quick_plans(built: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For a module that imports it: of views upon views DuckDB plans ten times as long where it pushes filters down, which
    a warehouse of one zone and some rows has nothing of.
    """
    built.execute("set disabled_optimizers = 'filter_pushdown'")
    yield
    built.execute("reset disabled_optimizers")


def register(given: Any, period: str, enterprises: list[dict[str, Any]], **more: Any) -> str:
    """A current register: `name` and `industry` of each enterprise, and any column of the form. The name is its code too."""
    submission = given.submission(
        "enterprise_quarter",
        period,
        rows_read=len(enterprises),
        rows_accepted=len(enterprises),
        **more,
    )
    columns = sorted({column for e in enterprises for column in e} - {"name"})
    marks = ", ".join("?" * (len(columns) + 6))
    given.con.executemany(
        f"insert into core.enterprise_quarter (zone, period, uscc, enterprise, submission, source_row, {', '.join(columns)})"
        f" values ({marks})",
        [
            [
                more.get("zone", "Z1"),
                period,
                e["name"],
                f"虚构企业{e['name']}",
                submission,
                row,
                *(e.get(c) for c in columns),
            ]
            for row, e in enumerate(enterprises, start=2)
        ],
    )
    return submission


def many(
    number: int, industry: str, revenue: float, stem: str = "m", **more: Any
) -> list[dict[str, Any]]:
    """So many enterprises of one industry, each with that revenue."""
    return [
        {
            "name": f"{stem}{n}",
            "industry": industry,
            "revenue_ytd_cny": Decimal(str(revenue)),
            **more,
        }
        for n in range(number)
    ]
