"""What a question about one zone reads: that zone's rows, however many others there are.

DuckDB keeps what a query reads twice (a CTE named twice, and it forgets `not materialized` in a view), and passes no
filter through a full join; either makes one zone's question read the whole warehouse. So the plans are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sql.enterprises import many, register

# what cannot do with less: places among the zones, revisions of all zones together, and what waits for acceptance,
# which is settled for every zone at once
READS_EVERY_ZONE = {"audit", "zone_ranking", "revision_quality", "waiting_revision"}
# the ledger alone, without the figures behind it
READS_THE_LEDGER = {
    "enterprise_growth",
    "disclosure",
    "enterprise_demography",
    "enterprise_event",
    "project_pipeline",
    "bulletin_figure",
    "bulletin_register_change",
    "bulletin_revision",
    "bulletin_source",
}


@pytest.fixture
def two_zones(given: Any) -> Any:
    """Figures, registers and ledgers of two zones and the nation."""
    for zone in ("Z1", "Z2", "CN"):
        for period in ("2021Q3", "2022Q2", "2022Q3"):
            given.gdp(
                period,
                {"primary": (1, 1), "secondary": (2, 2), "tertiary": (3, 3), "total": (6, 2)},
                zone=zone,
            )
            if zone != "CN":
                register(given, period, many(3, "C1311", 10, stem=zone), zone=zone)
                for form, line in (
                    ("project_ledger", {"project": "P"}),
                    ("contract_ledger", {"party": "A", "stage": "signed"}),
                    ("cultivation_pool", {"tier": "threshold_pool", "enterprise": "E"}),
                ):
                    given.row(
                        f"core.{form}",
                        zone=zone,
                        period=period,
                        submission=given.submission(form, period, zone=zone),
                        **line,
                    )
    return given


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every table that a plan scans, with its filters."""
    info = plan.get("extra_info", {})
    if "SCAN" in plan["name"] and info.get("Table"):
        yield ".".join(info["Table"].split(".")[-2:]), str(info.get("Filters", ""))
    for child in plan["children"]:
        yield from scans(child)


def test_a_question_about_a_zone_reads_that_zone(two_zones: Any) -> None:
    views = two_zones.con.execute(
        "select table_name from duckdb_columns() where schema_name = 'metrics' and column_name = 'zone' order by 1"
    ).fetchall()
    read_whole = []
    for (view,) in views:
        query = f"explain (format json) select bit_xor(hash(v)) from metrics.{view} as v where v.zone = 'Z1'"
        [plan] = json.loads(two_zones.con.execute(query).fetchall()[0][1])
        for table, filters in scans(plan):
            of_one_zone = "zone='Z1'" in filters or "zone='CN'" in filters
            excused = view in READS_EVERY_ZONE or (
                view in READS_THE_LEDGER and table == "ledger.submission"
            )
            if table.startswith(("core.", "ledger.submission")) and not of_one_zone and not excused:
                read_whole.append((view, table, filters))
    assert len(views) >= 40
    assert read_whole == [], read_whole
