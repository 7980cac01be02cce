"""Acceptances: submissions that a person let stand, though a question about them was open.

A resubmission that alters a frozen figure waits until a line of `raw/accepted_revision.csv` names
it; so do, for the public, figures with an open query. The file stands in `raw/` because no run can
make it again; `flows.publish.decisions` copies it into the warehouse.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from flows.model.clock import now_in_utc
from flows.publish.decision_files import open_decisions, save_decisions
from flows.warehouse.database import read_published, read_run
from flows.warehouse.lock import exclusive

ACCEPTED = "accepted_revision.csv"


@dataclass(frozen=True)
class Acceptance:
    """A line of `raw/accepted_revision.csv`."""

    submission: str
    zone: str
    period: str
    form: str
    revision: str
    accepted_by: str
    accepted_at: str
    acceptance_reason: str


@dataclass(frozen=True)
class Acceptable:
    """A submission about which a person may decide."""

    submission: str
    zone: str
    period: str
    form: str
    revision: int
    path: str

    def __str__(self) -> str:
        """As the command line takes it: `150571 2022Q3 gdp`."""
        return f"{self.zone} {self.period} {self.form}"


@dataclass(frozen=True)
class Waiting(Acceptable):
    """A resubmission that alters what was published."""

    figures_altered: int
    edition: str


@dataclass(frozen=True)
class Asked(Acceptable):
    """A submission that stands, with queries that nobody has explained."""

    queries: int


def open_acceptances(raw: Path) -> list[Acceptance]:
    """The accepted revisions, oldest first. Raises ValueError where the file cannot be read."""
    return open_decisions(raw / ACCEPTED, Acceptance, "accepted_at")


def list_waiting(con: duckdb.DuckDBPyConnection) -> list[Waiting]:
    """The resubmissions that wait for a person."""
    names = ", ".join(f"w.{f.name}" for f in fields(Waiting))
    rows = con.execute(
        f"select distinct {names} from metrics.waiting_revision as w "
        "order by w.zone, w.period, w.form"
    ).fetchall()
    return [Waiting(*row) for row in rows]


def _find_asked(con: duckdb.DuckDBPyConnection, zone: str, period: str, form: str) -> Asked | None:
    """The submission that stands, where queries are open about its figures."""
    names = ", ".join(f"s.{f.name}" for f in fields(Acceptable))
    row = con.execute(
        f"""
        select {names}, q.queries
        from staging.current_submission as s
        inner join staging.open_query as q on s.submission = q.submission
        where s.zone = ? and s.period = ? and s.form = ?
        """,
        [zone, period, form],
    ).fetchone()
    return Asked(*row) if row else None


def find_waiting(run_file: Path) -> list[str]:
    """What waits in a run's file, as `zone period form`."""
    with read_run(run_file) as con:
        return [str(waiting) for waiting in list_waiting(con)]


def accept(
    raw: Path,
    warehouse: Path,
    zone: str,
    period: str,
    form: str,
    by: str,
    reason: str,
    now: dt.datetime | None = None,
) -> Waiting | Asked:
    """Let the newest resubmission of a form, zone and quarter stand from the next run on; where
    none waits, accept the submission that stands with its open queries.

    Raises ValueError where there is nothing to accept, where it has been accepted already, or where
    no reason is given.
    """
    if not reason.strip():
        raise ValueError('a published figure is not altered without a reason: say --reason "…"')
    with exclusive(warehouse, lambda _: None):
        with read_published(warehouse) as con:
            waiting = list_waiting(con)
            standing: Waiting | Asked | None = next(
                (w for w in waiting if (w.zone, w.period, w.form) == (zone, period, form)), None
            )
            standing = standing or _find_asked(con, zone, period, form)
        if standing is None:
            others = ", ".join(map(str, waiting)) or "nothing"
            raise ValueError(
                f"no resubmission of {zone} {period} {form} waits to be accepted; "
                f"waiting: {others}; nor is a query open about the figures that stand"
            )
        acceptances = open_acceptances(raw)
        if any(line.submission == standing.submission for line in acceptances):
            raise ValueError(
                f"{standing.path} has been accepted already; the next `jibao run` lets it stand"
            )
        when = (now or now_in_utc()).isoformat(timespec="seconds")
        line = Acceptance(
            standing.submission,
            zone,
            period,
            form,
            str(standing.revision),
            by,
            when,
            reason.strip(),
        )
        save_decisions(raw / ACCEPTED, Acceptance, [*acceptances, line])
    return standing
