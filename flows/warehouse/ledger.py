"""The ledger: what the warehouse knows of submissions and runs, and the lines that a run adds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from flows.model.clock import as_utc
from flows.model.finding import Finding
from flows.warehouse.database import fetch_rows, published_path, read_published, write_to


def judged_submissions(warehouse: Path) -> dict[str, tuple[str, str]]:
    """Status and form fingerprint of every submission in the readers' copy, by submission id."""
    if not published_path(warehouse).exists():
        return {}
    with read_published(warehouse) as con:
        rows = con.execute(
            "select submission, status, form_fingerprint from ledger.submission"
        ).fetchall()
    return {submission: (status, fingerprint) for submission, status, fingerprint in rows}


@dataclass(frozen=True)
class Standing:
    """A submission as the warehouse has it: by which rules it was judged, and what they found."""

    submission: str
    path: str
    form: str
    zone: str
    period: str
    form_version: str
    form_fingerprint: str
    status: str
    rows_accepted: int
    findings: tuple[Finding, ...]


def standing_submissions(warehouse: Path, fingerprints: Mapping[str, str]) -> dict[str, Standing]:
    """The submissions that other rules than those of `fingerprints` (by form) have judged."""
    names = [f.name for f in fields(Standing) if f.name != "findings"]
    with read_published(warehouse) as con:
        stale = [
            row
            for row in fetch_rows(
                con, f"select {', '.join(names)} from ledger.submission order by path"
            )
            if fingerprints.get(row["form"], row["form_fingerprint"]) != row["form_fingerprint"]
        ]
        columns = ", ".join(f'"{f.name}"' for f in fields(Finding))
        rows = con.execute(
            f"select {columns} from ledger.finding where list_contains(?, submission)",
            [[row["submission"] for row in stale]],
        ).fetchall()
    findings = [Finding(*row) for row in rows]
    return {
        row["submission"]: Standing(
            **row, findings=tuple(f for f in findings if f.submission == row["submission"])
        )
        for row in stale
    }


def published_fingerprint(warehouse: Path) -> str | None:
    """By which SQL and forms the readers' copy was built; None where there is none."""
    if not published_path(warehouse).exists():
        return None
    with read_published(warehouse) as con:
        return str((con.execute("select fingerprint from ref.build").fetchone() or ("",))[0])


def newest_run_of(warehouse: Path) -> str:
    """The run that the readers' copy is of; empty where there is none."""
    if not published_path(warehouse).exists():
        return ""
    with read_published(warehouse) as con:
        return newest_run(con)


def newest_run(con: duckdb.DuckDBPyConnection) -> str:
    """The run that the warehouse is of."""
    return str((con.execute("select max(run) from ledger.run").fetchone() or ("",))[0])


def note_run(
    run_file: Path,
    run: str,
    started_at: dt.datetime,
    statuses: dict[str, int],
    forms_fingerprint: str,
) -> None:
    """One line about a run, in its own file; when it finished is noted when it is published."""
    counts = [statuses.get(status, 0) for status in ("accepted", "partial", "rejected")]
    with write_to(run_file) as con:
        con.execute(
            "delete from ledger.run as r where r.run = ?", [run]
        )  # of a try before this one
        con.execute(
            "insert into ledger.run values (?, ?, null, ?, ?, ?, ?)",
            [run, as_utc(started_at), *counts, forms_fingerprint],
        )


def note_finished(run_file: Path) -> None:
    """Note in a run's own file that it finishes now; noted again, the later time counts.

    A rename then publishes both at once.
    """
    with write_to(run_file) as con:
        con.execute(
            "update ledger.run set finished_at = ? where run = ?",
            [as_utc(dt.datetime.now(dt.UTC)), newest_run(con)],
        )
