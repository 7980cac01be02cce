"""What was published of a quarter, frozen by a person as an edition.

An edition is `raw/editions/<period>.<n>.csv` and a line in `raw/editions/manifest.csv`. It stands
in `raw/` because no run can make it again; `flows.publish.decisions` copies it into the warehouse.
A frozen file is never changed (decision 0009).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.model.candidates import name_nearest, say_unknown
from flows.model.clock import now_in_utc
from flows.model.whole_file import write_whole
from flows.publish.decision_files import open_decisions, save_decisions
from flows.warehouse.database import read_published
from flows.warehouse.ledger import newest_run
from flows.warehouse.lock import exclusive

FOLDER = "editions"
MANIFEST = "manifest.csv"
FIGURE = (
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
FIGURE_TYPES = {name: "decimal(28, 6)" if name == "value" else "varchar" for name in FIGURE}


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


def open_editions(raw: Path) -> list[Edition]:
    """The editions, oldest first. Raises ValueError where the manifest cannot be read."""
    return open_decisions(raw / FOLDER / MANIFEST, Edition, "frozen_at")


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
            content, covered, figures, cut_off = _take(con, period, zones)
            run = newest_run(con)
            fingerprint = con.execute("select fingerprint from ref.build").fetchone()
        editions = open_editions(raw)
        of_period = [e for e in editions if e.period == period]
        digest = hashlib.sha256(content).hexdigest()
        last = next((e for e in reversed(of_period) if e.edition_zones == covered), None)
        if last and last.sha256 == digest:
            return last, False
        number = 1 + max((int(e.edition_number) for e in of_period), default=0)
        frozen_at = (now or now_in_utc()).isoformat(timespec="seconds")
        edition = Edition(
            edition=f"{period}.{number}",
            period=period,
            edition_number=str(number),
            edition_zones=covered,
            frozen_at=frozen_at,
            cut_off_at=cut_off,
            figures=str(figures),
            sha256=digest,
            published_run=run,
            fingerprint=str((fingerprint or ("",))[0]),
            commit_id=_commit(),
            frozen_by=by,
            note=note,
        )
        folder = raw / FOLDER
        folder.mkdir(exist_ok=True)
        write_whole(folder / f"{edition.edition}.csv", content)
        # the line last: a file without one is no edition
        save_decisions(folder / MANIFEST, Edition, [*editions, edition])
        return edition, True


def _take(
    con: duckdb.DuckDBPyConnection, period: str, zones: Sequence[str]
) -> tuple[bytes, str, int, str]:
    """The file's bytes, the zones in it, how many figures are published, and when the newest of
    them was received.
    """
    columns = ", ".join(
        "plain(f.value) as value" if name == "value" else f"f.{name}" for name in FIGURE
    )
    query = (
        f"select {columns} from metrics.edition_of(?) as f "
        "where len(?) = 0 or f.zone in (select unnest(?)) order by all"
    )
    rows = con.execute(query, [period, list(zones), list(zones)]).fetchall()
    published = [row for row in rows if row[FIGURE.index("role")] == "published"]
    covered = sorted({row[0] for row in published})
    if lacking := sorted(set(zones) - set(covered)):
        raise ValueError(_say_nothing(con, period, lacking))
    if not published:
        raise ValueError(_say_nothing(con, period, []))
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
    csv.writer(sink, lineterminator="\n").writerows([FIGURE, *rows])
    return sink.getvalue().encode(), " ".join(covered), len(published), cut_off


def _say_nothing(con: duckdb.DuckDBPyConnection, period: str, zones: Sequence[str]) -> str:
    """That nothing is published of a quarter (for these zones), and which are nearest."""
    titles = dict(con.execute("select z.zone, z.title_zh from ref.zone as z").fetchall())
    if unknown := set(zones) - titles.keys():
        return say_unknown(("地区", "zone"), unknown, titles)
    rows = con.execute(
        "select distinct f.zone || ' ' || f.period from metrics.figure as f order by all"
    ).fetchall()
    asked = " ".join((*zones, period))
    near = ", ".join(name_nearest(asked, [place for (place,) in rows]))
    of_zones = f" for {', '.join(zones)}" if zones else ""
    return (
        f"{asked} 没有已公布的数；最接近的有：{near or '还没有任何季度'} · there is nothing "
        f"published of {period}{of_zones}; there is something for {near or 'no quarter yet'}"
    )


def _commit() -> str:
    """The commit that is checked out; empty where there is no git."""
    try:
        finished = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return finished.stdout.strip()
