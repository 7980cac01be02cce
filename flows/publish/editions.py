"""Noun: editions, what was published, frozen by a person; and the revisions of it that a person
accepted.

In: the readers' copy. Out: `raw/editions/<period>.<n>.csv` with a line in
    `raw/editions/manifest.csv`, and
lines of `raw/accepted_revision.csv`. They stand in `raw/` because no run can make them again; each
run
copies them into `ledger.edition`, `ledger.edition_figure` and `ledger.accepted_revision`. A frozen
file is
never changed: one that has been is told, and stops the run (decision 0009).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from flows.model.clock import as_utc
from flows.warehouse.database import published_path, read_only, read_published, write_to
from flows.warehouse.ledger import newest_run
from flows.warehouse.lock import exclusive

FOLDER = "editions"
MANIFEST = "manifest.csv"
ACCEPTED = "accepted_revision.csv"
_FIGURE = (
    "zone",
    "period",
    "metric",
    "item",
    "measure",
    "role",
    "value",
    "value_text",
    "unit",
    "form",
    "submission",
)
_FIGURE_TYPES = {name: "decimal(28, 6)" if name == "value" else "varchar" for name in _FIGURE}


@dataclass(frozen=True)
class Edition:
    """A line of `raw/editions/manifest.csv`."""

    edition: str  # `2022Q3.1`: the quarter and the number of its edition
    period: str
    edition_number: str
    edition_zones: str  # codes with a space between them
    frozen_at: str  # ISO 8601 with offset
    cut_off_at: str  # when the newest submission in it was received
    figures: str
    sha256: str  # of the file with the figures
    published_run: str
    fingerprint: str  # of SQL, reference tables and forms
    commit_id: str
    frozen_by: str
    note: str


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


_Line = TypeVar("_Line", Edition, Acceptance)


# --- freezing ---------------------------------------------------------------------------------


def freeze(
    raw: Path,
    warehouse: Path,
    period: str,
    zones: Sequence[str],
    by: str,
    note: str,
    now: dt.datetime | None = None,
) -> tuple[Edition, bool]:
    """Freeze what readers see of a quarter. Returns the edition, and whether it is new.

    The same figures frozen again are the same edition. Raises ValueError where there is nothing to
    freeze.
    """
    with exclusive(warehouse, lambda _: None):
        with read_published(warehouse) as con:
            content, found, figures, cut_off = _take(con, period, zones)
            run, fingerprint = (
                newest_run(con),
                str((con.execute("select fingerprint from ref.build").fetchone() or ("",))[0]),
            )
        known = open_editions(raw)
        of_period = [e for e in known if e.period == period]
        digest = hashlib.sha256(content).hexdigest()
        last = next((e for e in reversed(of_period) if e.edition_zones == found), None)
        if last and last.sha256 == digest:
            return last, False
        number = 1 + max((int(e.edition_number) for e in of_period), default=0)
        frozen_at = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        edition = Edition(
            f"{period}.{number}", period, str(number), found, frozen_at, cut_off, str(figures), digest, run, fingerprint,
            _commit(), by, note,
        )  # fmt: skip
        folder = raw / FOLDER
        folder.mkdir(exist_ok=True)
        _replace(folder / f"{edition.edition}.csv", content)
        _replace(
            folder / MANIFEST, _write_lines(Edition, [*known, edition])
        )  # the line last: a file without one is no edition
        return edition, True


def _take(
    con: duckdb.DuckDBPyConnection, period: str, zones: Sequence[str]
) -> tuple[bytes, str, int, str]:
    """The file's bytes, the zones in it, how many figures are published, and when the newest of
    them
    was received.
    """
    columns = ", ".join(
        "plain(f.value) as value" if name == "value" else f"f.{name}" for name in _FIGURE
    )
    query = f"select {columns} from metrics.edition_of(?) as f where len(?) = 0 or f.zone in (select unnest(?)) order by all"
    rows = con.execute(query, [period, list(zones), list(zones)]).fetchall()
    published = [row for row in rows if row[_FIGURE.index("role")] == "published"]
    found = sorted({row[0] for row in published})
    if lacking := sorted(set(zones) - set(found)):
        raise ValueError(
            f"there is nothing published of {period} for {', '.join(lacking)}; there is something for {_published(con)}"
        )
    if not published:
        raise ValueError(
            f"there is nothing published of {period}; there is something for {_published(con)}"
        )
    submissions = sorted({str(row[-1]) for row in published if row[-1]})
    newest = con.execute(
        "select max(received_at) from ledger.submission where submission in (select unnest(?))",
        [submissions],
    ).fetchone()
    cut_off = (
        newest[0].replace(tzinfo=dt.UTC).isoformat(timespec="seconds")
        if newest and newest[0]
        else ""
    )
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator="\n").writerows([_FIGURE, *rows])
    return sink.getvalue().encode(), " ".join(found), len(published), cut_off


def _published(con: duckdb.DuckDBPyConnection) -> str:
    there = con.execute(
        "select distinct zone || ' ' || period from metrics.figure order by all"
    ).fetchall()
    return ", ".join(place for (place,) in there) or "no quarter yet"


def _commit() -> str:
    """The commit that is checked out; empty where there is no git."""
    try:
        said = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.stdout.strip()


# --- accepting --------------------------------------------------------------------------------


def list_waiting(con: duckdb.DuckDBPyConnection) -> list[Waiting]:
    """The resubmissions that wait for a person."""
    names = ", ".join(f"w.{f.name}" for f in fields(Waiting))
    rows = con.execute(
        f"select distinct {names} from metrics.waiting_revision as w order by w.zone, w.period, w.form"
    ).fetchall()
    return [Waiting(*row) for row in rows]


def find_waiting(run_file: Path) -> list[str]:
    """What waits in a run's file, as `zone period form`."""
    with read_only(run_file) as con:
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
        found = next(
            (w for w in waiting if (w.zone, w.period, w.form) == (zone, period, form)), None
        )
        if found is None:
            others = ", ".join(map(str, waiting)) or "nothing"
            raise ValueError(
                f"no resubmission of {zone} {period} {form} waits to be accepted; waiting: {others}"
            )
        known = open_acceptances(raw)
        if any(line.submission == found.submission for line in known):
            raise ValueError(
                f"{found.path} has been accepted already; the next `jibao run` lets it stand"
            )
        when = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        line = Acceptance(
            found.submission, zone, period, form, str(found.revision), by, when, reason.strip()
        )
        _replace(raw / ACCEPTED, _write_lines(Acceptance, [*known, line]))
    return found


# --- what stands in raw/, and its way into the warehouse --------------------------------------


def open_editions(raw: Path) -> list[Edition]:
    """The editions, oldest first. Raises ValueError where the manifest cannot be read."""
    return _open_lines(Edition, raw / FOLDER / MANIFEST)


def open_acceptances(raw: Path) -> list[Acceptance]:
    """The accepted revisions, oldest first. Raises ValueError where the file cannot be read."""
    return _open_lines(Acceptance, raw / ACCEPTED)


def are_loaded(raw: Path, warehouse: Path) -> bool:
    """Whether readers have every edition and acceptance that stands in `raw`, and no other."""
    if not published_path(warehouse).exists():
        return False
    with read_published(warehouse) as con:
        editions = {
            tuple(row)
            for row in con.execute("select edition, sha256 from ledger.edition").fetchall()
        }
        accepted = {
            submission
            for (submission,) in con.execute(
                "select submission from ledger.accepted_revision"
            ).fetchall()
        }
    return editions == {(e.edition, e.sha256) for e in open_editions(raw)} and accepted == {
        a.submission for a in open_acceptances(raw)
    }


def load_decisions(raw: Path, run_file: Path, run: str) -> None:
    """Editions and acceptances into the run's file; those already there are left, with the run that
    brought them.
    """
    editions, accepted = open_editions(raw), open_acceptances(raw)
    with write_to(run_file) as con:
        _forget(con, "ledger.edition", "edition", [e.edition for e in editions])
        _forget(con, "ledger.edition_figure", "edition", [e.edition for e in editions])
        _forget(con, "ledger.accepted_revision", "submission", [a.submission for a in accepted])
        there = {
            edition for (edition,) in con.execute("select edition from ledger.edition").fetchall()
        }
        for edition in editions:
            if edition.edition not in there:
                _insert(con, "ledger.edition", edition, run)
                _load_figures(con, raw / FOLDER / f"{edition.edition}.csv", edition)
        there = {
            submission
            for (submission,) in con.execute(
                "select submission from ledger.accepted_revision"
            ).fetchall()
        }
        for line in accepted:
            if line.submission not in there:
                _insert(con, "ledger.accepted_revision", line, run)


def _forget(con: duckdb.DuckDBPyConnection, table: str, column: str, kept: list[str]) -> None:
    con.execute(f"delete from {table} where {column} not in (select unnest(?::varchar[]))", [kept])


def _insert(
    con: duckdb.DuckDBPyConnection, table: str, line: Edition | Acceptance, run: str
) -> None:
    values: dict[str, Any] = {
        k: (as_utc(v) if v else None) if k.endswith("_at") else v for k, v in asdict(line).items()
    } | {"run": run}
    con.execute(
        f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})",
        list(values.values()),
    )


def _load_figures(con: duckdb.DuckDBPyConnection, path: Path, edition: Edition) -> None:
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != edition.sha256:
        raise ValueError(
            f"{path} is not what was frozen on {edition.frozen_at} by {edition.frozen_by} (sha256 {edition.sha256[:12]}…); "
            "an edition is never edited: take the file back from version control or the backup"
        )
    con.execute(
        "insert into ledger.edition_figure by name select ? as edition, f.* "
        f"from read_csv(?, header = true, columns = {_FIGURE_TYPES!r}, nullstr = '') as f",
        [edition.edition, str(path)],
    )


def _open_lines(kind: type[_Line], path: Path) -> list[_Line]:
    if not path.exists():
        return []
    names = [f.name for f in fields(kind)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            lines = [
                kind(**{name: line[name] or "" for name in names})
                for line in csv.DictReader(source)
            ]
        for line in lines:
            as_utc(line.frozen_at if isinstance(line, Edition) else line.accepted_at)
    except (UnicodeDecodeError, KeyError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read ({error}): it has the columns {','.join(names)}, times as 2022-11-05T09:00:00+08:00, and is "
            "saved as UTF-8; if a spreadsheet program has saved it, take it back from version control or the backup"
        ) from error
    return lines


def _write_lines(
    kind: type[Edition] | type[Acceptance], lines: Iterable[Edition | Acceptance]
) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, [f.name for f in fields(kind)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(line) for line in lines)
    return sink.getvalue().encode()


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one atomic step."""
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    os.replace(beside, path)
