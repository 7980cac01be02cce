"""Acceptances: submissions that a person let stand, though a question about them was open.

A resubmission that alters a frozen figure waits until a line of `raw/accepted_revision.csv` names
it; so do, for the public, figures with an open query. One that was made by mistake is taken back by
a line of `raw/withdrawn_acceptance.csv`, and stays on record. Both files stand in `raw/` because no
run can make them again; `flows.publish.decisions` copies them into the warehouse.
"""

from __future__ import annotations

import collections
import datetime as dt
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from flows.model.candidates import name_nearest
from flows.model.clock import as_utc, now_in_utc
from flows.model.reason import require_reason
from flows.publish.decision_files import open_decisions, save_decisions
from flows.warehouse.database import read_published, read_run
from flows.warehouse.lock import exclusive

ACCEPTED = "accepted_revision.csv"
TAKEN_BACK = "withdrawn_acceptance.csv"


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
class WithdrawnAcceptance:
    """A line of `raw/withdrawn_acceptance.csv`: the acceptance, and who took it back."""

    submission: str
    accepted_at: str
    withdrawn_by: str
    withdrawn_at: str
    withdrawal_reason: str


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


def open_withdrawn_acceptances(raw: Path) -> list[WithdrawnAcceptance]:
    """The acceptances that were taken back. Raises ValueError where the file cannot be read."""
    return open_decisions(raw / TAKEN_BACK, WithdrawnAcceptance, "withdrawn_at")


def _in_force(
    accepted: list[Acceptance], withdrawn: list[WithdrawnAcceptance]
) -> dict[str, list[Acceptance]]:
    """The acceptances that nobody has taken back, by submission: of some there are several, where
    two people wrote into the file. The first counts (`staging.acceptance`).
    """
    gone = {(w.submission, w.accepted_at) for w in withdrawn}
    standing = collections.defaultdict(list)
    for a in accepted:
        if (a.submission, a.accepted_at) not in gone:
            standing[a.submission].append(a)
    return dict(standing)


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
    why = require_reason(reason, "同意", "an acceptance")
    with exclusive(warehouse, lambda _: None):
        with read_published(warehouse) as con:
            waiting = list_waiting(con)
            standing: Waiting | Asked | None = next(
                (w for w in waiting if (w.zone, w.period, w.form) == (zone, period, form)), None
            )
            standing = standing or _find_asked(con, zone, period, form)
        if standing is None:
            raise ValueError(_say_none(f"{zone} {period} {form}", waiting))
        accepted = open_acceptances(raw)
        if standing.submission in _in_force(accepted, open_withdrawn_acceptances(raw)):
            raise ValueError(
                f"{standing.path} 已经同意过，下一次 jibao run 生效 · "
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
            why,
        )
        save_decisions(raw / ACCEPTED, Acceptance, [*accepted, line])
    return standing


def _say_none(asked: str, waiting: list[Waiting]) -> str:
    """That nothing of it is to be decided, and what is."""
    others = ", ".join(name_nearest(asked, map(str, waiting)))
    return (
        f"{asked} 没有待同意的修订，现行的数也没有待核实的问题；待同意的有：{others or '无'} · "
        f"no resubmission of {asked} waits to be accepted; waiting: {others or 'nothing'}; "
        "nor is a query open about the figures that stand"
    )


def take_back(
    raw: Path,
    warehouse: Path,
    path: str,
    by: str,
    reason: str,
    now: dt.datetime | None = None,
) -> Acceptance:
    """Take back every acceptance of the submission that came at a path, from the next run on: what
    was accepted waits, or is under query, again. The first of them, which counted.

    Raises ValueError where nothing of the path is accepted, where an edition has published its
    figures since, or where no reason is given.
    """
    why = require_reason(reason, "撤销同意", "to take back an acceptance")
    with exclusive(warehouse, lambda _: None):
        with read_published(warehouse) as con:
            received = con.execute(
                "select s.submission from ledger.submission as s where s.path = ? "
                "order by s.received_at desc",
                [path],
            ).fetchall()
            withdrawn = open_withdrawn_acceptances(raw)
            accepted = _in_force(open_acceptances(raw), withdrawn)
            taken = next((accepted[s] for (s,) in received if s in accepted), None)
            if taken is None:
                raise ValueError(_say_not_accepted(con, path, accepted))
            _refuse_published(con, path, taken[0])
        when = (now or now_in_utc()).isoformat(timespec="seconds")
        lines = [WithdrawnAcceptance(a.submission, a.accepted_at, by, when, why) for a in taken]
        save_decisions(raw / TAKEN_BACK, WithdrawnAcceptance, [*withdrawn, *lines])
    return taken[0]


def _say_not_accepted(
    con: duckdb.DuckDBPyConnection, path: str, accepted: dict[str, list[Acceptance]]
) -> str:
    rows = con.execute(
        "select distinct s.path from ledger.submission as s where s.submission in "
        "(select unnest(?::varchar[]))",
        [list(accepted)],
    ).fetchall()
    there = ", ".join(name_nearest(path, [p for (p,) in rows]))
    return (
        f"“{path}”没有有效的同意；已同意的有：{there or '无'} · "
        f"no acceptance of “{path}” is in force; accepted: {there or 'nothing'}"
    )


def _refuse_published(con: duckdb.DuckDBPyConnection, path: str, taken: Acceptance) -> None:
    """What an edition has published is altered by a revision alone."""
    rows = con.execute(
        """
        select distinct f.edition
        from ledger.edition_figure as f
        inner join ledger.edition as e on f.edition = e.edition
        inner join ledger.resubmission as r on f.submission = r.submission and r.figures_altered > 0
        where f.submission = ? and e.frozen_at >= ?
        order by all
        """,
        [taken.submission, as_utc(taken.accepted_at)],
    ).fetchall()
    if rows:
        editions = ", ".join(edition for (edition,) in rows)
        raise ValueError(
            f"发布版 {editions} 已用了 {path} 的数，不能再撤销同意；请报送更正 · "
            f"edition {editions} "
            f"has published the figures of {path}: they are altered by a revision, not by taking "
            "back its acceptance"
        )
