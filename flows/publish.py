"""Stage: publish. The run's file takes the readers' place, and exports and the bulletin follow it.

In: a run's file, built and audited. Out: `warehouse/jibao.duckdb` (swapped in by an atomic rename),
`warehouse/published/*.csv` and `warehouse/published/bulletin.html`. Does no arithmetic.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import jinja2

from flows.warehouse import read_only, swap_in

EXPORTS = ("headline", "sector_growth", "indicator_growth", "reconciliation")
_TEMPLATE = Path(__file__).resolve().parent / "bulletin.html.jinja"


def publish(run_file: Path, warehouse: Path) -> None:
    """Write exports and bulletin beside, then swap: readers see all of the run from one instant to the next."""
    beside = warehouse / "work" / "published"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    with read_only(run_file) as con:
        for name in EXPORTS:
            con.sql(f"from metrics.{name}").write_csv(str(beside / f"{name}.csv"))
        (beside / "bulletin.html").write_text(render_bulletin(con), encoding="utf-8")
    swap_in(warehouse, run_file)
    shutil.rmtree(warehouse / "published", ignore_errors=True)
    os.replace(beside, warehouse / "published")


def render_bulletin(con: duckdb.DuckDBPyConnection) -> str:
    """A page in Chinese and English: each zone's newest quarter, its headline and its sectors."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    zones = _rows(con, """
        select z.zone, z.title_zh, z.title_en, max(h.period) as period
        from metrics.headline as h inner join ref.zone as z on h.zone = z.zone group by z.zone, z.title_zh, z.title_en, z.kind order by z.kind <> 'zone', z.zone
    """)  # fmt: skip
    for zone in zones:
        at = [zone["zone"], zone["period"]]
        zone["headline"] = _rows(con, "from metrics.headline where zone = ? and period = ? order by ord", at)
        zone["sectors"] = _rows(con, "from metrics.sector_growth where zone = ? and period = ? and sector <> 'total'", at)
        zone["identities"] = _rows(con, "from metrics.reconciliation where zone = ? and period = ?", at)
        zone["submissions"] = _rows(
            con,
            "select form, path, status, rows_read, rows_accepted, rows_held from staging.submission_status"
            " where zone = ? and period = ? order by form",
            at,
        )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(zones=zones)


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: list[str] | None = None) -> list[dict[str, object]]:
    result = con.execute(query, values or [])
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
