"""Withdrawals, `raw/withdrawn.csv`: what was received and no longer stands, by whom and why.

A person withdraws with `jibao withdraw`; each run copies the lines into `ledger.withdrawal`, and
`staging.current_submission` passes over what is withdrawn. The content stays in the archive and in
the ledger, so that it can be shown as it was known before. A line that is taken out again lets the
submission stand again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import duckdb

from flows.model.clock import now_in_utc, read_moment
from flows.model.reason import require_reason
from flows.model.whole_file import open_lines, write_lines
from flows.receive.listing import WITHDRAWN
from flows.warehouse.database import published_path, read_published, write_to
from flows.warehouse.ledger import keep_lines
from flows.warehouse.lock import exclusive


@dataclass(frozen=True)
class Withdrawal:
    """A line of `raw/withdrawn.csv`."""

    submission: str
    path: str
    withdrawn_by: str
    withdrawn_at: str  # ISO 8601 with offset
    withdrawal_reason: str


_NAMES = tuple(f.name for f in fields(Withdrawal))
_OF_PATH = """
    select s.submission, s.status, s.sha256, s.part_of
    from ledger.submission as s
    where s.path = ?
    order by s.received_at, s.period desc
"""


@dataclass(frozen=True)
class _Received:
    """What the ledger has of a path: a submission, or a part of one."""

    submission: str
    status: str
    sha256: str
    part_of: str | None


def open_withdrawals(raw: Path) -> list[Withdrawal]:
    """The withdrawals, in the order of their lines. Raises ValueError naming the line where one
    cannot be read.
    """
    withdrawals = []
    for line in open_lines(raw / WITHDRAWN, _NAMES):
        withdrawal = Withdrawal(**line.cells)
        try:
            read_moment(withdrawal.withdrawn_at)
            if not withdrawal.submission:
                raise ValueError("submission 为空 is empty")
        except ValueError as error:
            raise ValueError(
                f"{raw / WITHDRAWN}，第 {line.number} 行 line {line.number}: {error}"
            ) from error
        withdrawals.append(withdrawal)
    return withdrawals


def withdraw(
    raw: Path,
    warehouse: Path,
    path: str,
    by: str,
    reason: str,
    submission: str = "",
    now: dt.datetime | None = None,
) -> list[Withdrawal]:
    """Let a file stand no longer, from the next run on: of the contents that came at a path the one
    that stands, with every quarter that it brought, or the submission named alone.

    Raises ValueError where nothing of the path can be withdrawn, or where no reason is given.
    """
    why = require_reason(reason, "撤回", "a withdrawal")
    with exclusive(warehouse, lambda _: None):
        there = open_withdrawals(raw)
        withdrawn = {line.submission for line in there}
        with read_published(warehouse) as con:
            received = [_Received(*row) for row in con.execute(_OF_PATH, [path]).fetchall()]
            chosen = [submission] if submission else _choose(con, path, received, withdrawn)
        if submission and submission not in {r.submission for r in received}:
            raise ValueError(f"“{path}”没有报送编号 has no submission {submission}")
        if submission in withdrawn:
            raise ValueError(
                f"{path} ({submission}) 已经撤回 is withdrawn already; "
                "the next `jibao run` takes it up"
            )
        when = (now or now_in_utc()).isoformat(timespec="seconds")
        lines = [Withdrawal(one, path, by, when, why) for one in chosen]
        write_lines(raw / WITHDRAWN, _NAMES, map(asdict, [*there, *lines]))
    return lines


def _choose(
    con: duckdb.DuckDBPyConnection, path: str, received: list[_Received], withdrawn: set[str]
) -> list[str]:
    """Of the contents that came at a path, the one that stands; else the only one left. All that it
    was read as, with its identity as received.
    """
    if not received:
        raise ValueError(
            f"没有收到过 nothing was received at “{path}”; name the path below raw/, as in "
            "raw/manifest.csv, e.g. 150571/2022Q3/gdp.xlsx"
        )
    rows = con.execute(
        "select c.submission from staging.current_submission as c where c.path = ?", [path]
    ).fetchall()
    standing = {submission for (submission,) in rows} - withdrawn
    left = [r for r in received if r.submission not in withdrawn]
    contents = {r.sha256 for r in left if r.submission in standing} or {r.sha256 for r in left}
    if len(contents) == 1:
        mine = [r for r in left if r.sha256 in contents]
        files = [r.part_of for r in mine if r.part_of and r.part_of not in withdrawn]
        return list(dict.fromkeys([*(r.submission for r in mine), *files]))
    listed = ", ".join(f"{r.submission} ({r.status})" for r in left)
    raise ValueError(
        f"“{path}”没有可撤回的 has nothing left to withdraw"
        if not left
        else f"“{path}”收到过几份 several contents came at it, and none of them stands alone: "
        f"{listed}; say which with --submission"
    )


def are_withdrawals_loaded(raw: Path, warehouse: Path) -> bool:
    """Whether readers have every withdrawal that stands in `raw`, and no other."""
    if not published_path(warehouse).exists():
        return False
    with read_published(warehouse) as con:
        has_table = con.execute("""
            select 1 from duckdb_tables()
            where schema_name = 'ledger' and table_name = 'withdrawal'
        """).fetchone()  # a warehouse of an earlier version has none
        rows = (
            con.execute("select submission from ledger.withdrawal").fetchall() if has_table else []
        )
    return {row[0] for row in rows} == {line.submission for line in open_withdrawals(raw)}


def load_withdrawals(raw: Path, run_file: Path, run: str) -> list[Withdrawal]:
    """Withdrawals into the run's file; those already there are left, with the run that brought
    them. Returns those that are new.
    """
    with write_to(run_file) as con:
        return keep_lines(con, "ledger.withdrawal", ("submission",), open_withdrawals(raw), run)
