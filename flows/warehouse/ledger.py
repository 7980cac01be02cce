"""The ledger: what the warehouse knows of submissions and runs, and the lines that a run adds."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from flows.model.account import account, machine
from flows.model.clock import as_utc, now_in_utc
from flows.model.errors import WarehouseError
from flows.model.finding import Finding
from flows.warehouse.database import (
    fetch_rows,
    has_column,
    published_path,
    read_published,
    write_to,
)
from flows.warehouse.version import PROGRAM

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Line = TypeVar("Line", bound=DataclassInstance)

_RUN_TIME = "%Y%m%dT%H%M%SZ"


def keep_lines(
    con: duckdb.DuckDBPyConnection,
    table: str,
    key: Sequence[str],
    lines: Sequence[Line],
    run: str,
) -> list[Line]:
    """Make a table hold the lines that people keep in `raw/`, each with the run that brought it.

    What is gone from `raw/` is forgotten, what is there already is left. `key` are the columns that
    name a line. Returns the lines that are new.
    """
    given: dict[tuple[Any, ...], tuple[Line, dict[str, Any]]] = {}
    for line in lines:
        row = {
            name: (as_utc(value) if value else None) if name.endswith("_at") else value
            for name, value in asdict(line).items()
        }
        given.setdefault(tuple(row[name] for name in key), (line, row))
    there = set(con.execute(f"select {', '.join(key)} from {table}").fetchall())
    for gone in there - given.keys():
        matches = " and ".join(f"{name} = ?" for name in key)
        con.execute(f"delete from {table} where {matches}", list(gone))
    fresh = [both for name, both in given.items() if name not in there]
    for _, row in fresh:
        names = ", ".join([*row, "run"])
        marks = ", ".join("?" * (len(row) + 1))
        con.execute(f"insert into {table} ({names}) values ({marks})", [*row.values(), run])
    return [line for line, _ in fresh]


def judged_submissions(warehouse: Path) -> dict[str, tuple[str, str]]:
    """Status and form fingerprint of every file in the readers' copy, by its identity as received.

    One that brought several quarters is accepted or rejected where all of them are, and judged by
    no declaration for certain where they were judged by different ones.
    """
    if not published_path(warehouse).exists():
        return {}
    with read_published(warehouse) as con:
        rows = con.execute(f"""
            select
                {_received(con)} as received,
                if(min(s.status) = max(s.status), min(s.status), 'partial') as status,
                if(
                    min(s.form_fingerprint) = max(s.form_fingerprint), min(s.form_fingerprint), ''
                ) as form_fingerprint
            from ledger.submission as s
            group by received
        """).fetchall()
    return {received: (status, fingerprint) for received, status, fingerprint in rows}


def _received(con: duckdb.DuckDBPyConnection) -> str:
    """The identity of the file as it was received, in SQL; an earlier version's warehouse has no
    parts.
    """
    is_there = has_column(con, "ledger.submission", "part_of")
    return "coalesce(s.part_of, s.submission)" if is_there else "s.submission"


@dataclass(frozen=True)
class Standing:
    """A submission as the warehouse has it: by which rules it was judged, and what they found."""

    submission: str
    received: str  # the identity of the file as it was received
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
    names = [f.name for f in fields(Standing) if f.name not in ("findings", "received")]
    with read_published(warehouse) as con:
        columns = ", ".join([f"{_received(con)} as received", *(f"s.{name}" for name in names)])
        stale = [
            row
            for row in fetch_rows(
                con, f"select {columns} from ledger.submission as s order by s.path, s.period"
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


def zone_states(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What a warehouse holds of each zone, as a hash: while it is the same, every view that says of
    a zone what was sent of that zone gives the same rows.

    It covers the ledger's lines about the zone, and how views are made. Rows of `core` come and go
    with their submission's line.
    """
    is_built = "select 1 from duckdb_tables() where schema_name = 'ref' and table_name = 'build'"
    if not con.execute(is_built).fetchone():
        return {}
    by_submission = " union all ".join(
        f"select s.zone, hash(l, {number}) as line from ledger.{table} as l "
        "inner join ledger.submission as s on l.submission = s.submission"
        for number, table in enumerate(_BY_SUBMISSION)
    )
    rows = con.execute(f"""
        with line as (
            select s.zone, hash(s) as line from ledger.submission as s
            union all {by_submission}
        )
        select l.zone, concat_ws(
            ' ', any_value(b.fingerprint), count(*), bit_xor(l.line), sum(l.line)
        )
        from line as l cross join ref.build as b
        group by l.zone order by l.zone
    """).fetchall()
    return dict(rows)


# beside `ledger.submission` and what is written and removed with a line of it
_BY_SUBMISSION = (
    "resubmission",
    "accepted_revision",
    "withdrawn_acceptance",
    "withdrawal",
    "explanation",
)


def newest_run(con: duckdb.DuckDBPyConnection) -> str:
    """The run that the warehouse is of."""
    return str((con.execute("select max(run) from ledger.run").fetchone() or ("",))[0])


def name_run(warehouse: Path) -> str:
    """A name for a run, by its time: after every name that readers' warehouse knows, also where the
    clock was set back, for the last name is the newest run's.
    """
    at = now_in_utc()
    with contextlib.suppress(WarehouseError, ValueError, duckdb.CatalogException):
        with read_published(warehouse) as con:
            newest = read_run_time(newest_run(con))
        at = max(at, newest + dt.timedelta(seconds=1))
    return f"{at:{_RUN_TIME}}-{uuid.uuid4().hex[:6]}"


def read_run_time(run: str) -> dt.datetime:
    """The time in a run's name. Raises ValueError where there is none."""
    return dt.datetime.strptime(run[:16], _RUN_TIME).replace(tzinfo=dt.UTC)


def note_run(
    run_file: Path,
    run: str,
    started_at: dt.datetime,
    statuses: dict[str, int],
    forms_fingerprint: str,
    lake_snapshot: int | None = None,
) -> None:
    """One line about a run, in its own file; when it finished is noted when it is published.

    `lake_snapshot`: the commit of a lake up to which it has seen what other offices brought.
    """
    counts = [statuses.get(status, 0) for status in ("accepted", "partial", "rejected")]
    with write_to(run_file) as con:
        con.execute(
            "delete from ledger.run as r where r.run = ?", [run]
        )  # of a try before this one
        con.execute(
            "insert into ledger.run (run, started_at, accepted, partial, rejected, "
            "forms_fingerprint, program_version, started_by, started_on, lake_snapshot) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(run, as_utc(started_at), *counts, forms_fingerprint, PROGRAM),
                *(account(), machine(), lake_snapshot),
            ],
        )


def note_finished(run_file: Path) -> None:
    """Note in a run's own file that it finishes now; noted again, the later time counts.

    A rename then publishes both at once.
    """
    with write_to(run_file) as con:
        con.execute(
            "update ledger.run set finished_at = ? where run = ?",
            [as_utc(now_in_utc()), newest_run(con)],
        )
