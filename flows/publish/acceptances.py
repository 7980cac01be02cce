"""The revisions of published figures that a person let stand.

A resubmission that alters a frozen figure waits until a line of `raw/accepted_revision.csv` names
it. The file stands in `raw/` because no run can make it again; `flows.publish.decisions` copies it
into the warehouse.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

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
class Waiting:
    """A resubmission that alters what was published."""

    submission: str
    zone: str
    period: str
    form: str
    revision: int
    path: str
    figures_altered: int
    edition: str

    def __str__(self) -> str:
        """As the command line takes it: `150571 2022Q3 gdp`."""
        return f"{self.zone} {self.period} {self.form}"


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
) -> Waiting:
    """Let the newest resubmission of a form, zone and quarter stand from the next run on.

    Raises ValueError where none waits, where it has been accepted already, or where no reason is
    given.
    """
    if not reason.strip():
        raise ValueError('a published figure is not altered without a reason: say --reason "…"')
    with exclusive(warehouse, lambda _: None):
        with read_published(warehouse) as con:
            waiting = list_waiting(con)
        resubmission = next(
            (w for w in waiting if (w.zone, w.period, w.form) == (zone, period, form)), None
        )
        if resubmission is None:
            others = ", ".join(map(str, waiting)) or "nothing"
            raise ValueError(
                f"no resubmission of {zone} {period} {form} waits to be accepted; waiting: {others}"
            )
        acceptances = open_acceptances(raw)
        if any(line.submission == resubmission.submission for line in acceptances):
            raise ValueError(
                f"{resubmission.path} has been accepted already; the next `jibao run` lets it stand"
            )
        when = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        line = Acceptance(
            resubmission.submission,
            zone,
            period,
            form,
            str(resubmission.revision),
            by,
            when,
            reason.strip(),
        )
        save_decisions(raw / ACCEPTED, Acceptance, [*acceptances, line])
    return resubmission
