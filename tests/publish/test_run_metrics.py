"""The numbers of a run for monitoring, read by Prometheus' own parser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from prometheus_client.parser import text_string_to_metric_families


def samples_of(path: Path) -> dict[tuple[str, ...], float]:
    """Every sample of a file by its name and labels."""
    families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    assert {family.type for family in families} == {"gauge"}
    assert all(family.documentation for family in families)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_last_run_is_told_as_the_ledger_has_it(
    small_warehouse: tuple[Path, Path], run_quarter: Callable[..., Any]
) -> None:
    raw, warehouse = small_warehouse
    path = warehouse / "published/metrics.prom"
    with duckdb.connect(str(warehouse / "jibao.duckdb")) as con:  # a name before that of today's
        con.execute("update ledger.run set run = '20221020T010000Z-000000'")
        con.execute("update ledger.submission set run = '20221020T010000Z-000000'")
    first = samples_of(path)
    (raw / "150571/2022Q4").mkdir()
    gdp = (raw / "150571/2022Q2/gdp.csv").read_text(encoding="utf-8")  # a row is held
    (raw / "150571/2022Q4/gdp.csv").write_text(gdp, encoding="utf-8")
    summary = run_quarter(raw, warehouse)
    second = samples_of(path)
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        for samples, ago in ((second, 0), (first, 1)):
            [run] = con.execute(
                "select run, epoch(finished_at), epoch(finished_at - started_at) from ledger.run "
                f"order by run desc offset {ago} limit 1"
            ).fetchall()
            assert samples["jibao_last_success_timestamp_seconds",] == run[1]
            assert samples["jibao_run_seconds",] == run[2]
            [rows] = con.execute(
                "select sum(rows_read), sum(rows_accepted), sum(rows_held) from ledger.submission where run = ?",
                run[:1],
            ).fetchall()
            assert rows == tuple(samples["jibao_rows", s] for s in ("read", "accepted", "held"))
            found = con.execute(
                "select f.severity, count(*) from ledger.finding as f join ledger.submission as s using (submission) "
                "where s.run = ? and f.outcome = 'broken' group by f.severity",
                run[:1],
            ).fetchall()
            told = {k[1]: v for k, v in samples.items() if k[0] == "jibao_findings"}
            assert {k: v for k, v in told.items() if v} == dict(found)
            assert set(told) == {"reject", "quarantine", "query", "note"}
    assert (
        second["jibao_submissions", "partial"],
        second["jibao_submissions", "accepted"],
        second["jibao_submissions", "rejected"],
    ) == tuple(float(summary.statuses.get(s, 0)) for s in ("partial", "accepted", "rejected"))
    assert second["jibao_rows", "held"] == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert "gdp" not in path.read_text(encoding="utf-8"), "no file is named"
