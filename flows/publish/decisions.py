"""Editions and acceptances on their way from `raw/` into the warehouse, in every run.

They load into `ledger.edition`, `ledger.edition_figure`, `ledger.accepted_revision` and
`ledger.withdrawn_acceptance`. A frozen file that has been changed stops the run (decision 0009).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from flows.model.clock import as_utc, say_moment
from flows.publish.acceptances import open_acceptances, open_withdrawn_acceptances
from flows.publish.editions import FIGURE_TYPES, FOLDER, Edition, open_editions
from flows.warehouse.database import published_path, read_published, write_to
from flows.warehouse.ledger import keep_lines


def check_editions(raw: Path) -> list[Edition]:
    """The editions, each with the bytes that were frozen. Raises ValueError naming one that was
    edited or is gone, whether or not the warehouse has it already: a rebuild would miss it.
    """
    editions = open_editions(raw)
    for edition in editions:
        path = raw / FOLDER / f"{edition.edition}.csv"
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != edition.sha256:
            raise ValueError(
                f"{path} 与 {say_moment(edition.frozen_at)} 封存时不同；发布版不得改动，"
                f"请从版本库或备份取回 · "
                f"{path} is not what was frozen on {say_moment(edition.frozen_at)} by "
                f"{edition.frozen_by} "
                f"(sha256 {edition.sha256[:12]}…); an edition is never edited: take the file back "
                "from version control or the backup"
            )
    return editions


def are_loaded(raw: Path, warehouse: Path) -> bool:
    """Whether readers have every edition and acceptance that stands in `raw`, and no other. Raises
    ValueError as `check_editions` does.
    """
    standing = check_editions(raw)
    if not published_path(warehouse).exists():
        return False
    with read_published(warehouse) as con:
        editions = {
            tuple(row)
            for row in con.execute("select edition, sha256 from ledger.edition").fetchall()
        }
        lines = [
            set(con.execute(f"select submission, accepted_at from {table}").fetchall())
            for table in ("ledger.accepted_revision", "ledger.withdrawn_acceptance")
        ]
    return editions == {(e.edition, e.sha256) for e in standing} and lines == [
        {(line.submission, as_utc(line.accepted_at)) for line in kept}
        for kept in (open_acceptances(raw), open_withdrawn_acceptances(raw))
    ]


def load_decisions(raw: Path, run_file: Path, run: str) -> None:
    """Editions and acceptances into the run's file; those already there are left, with the run that
    brought them.
    """
    editions, accepted = check_editions(raw), open_acceptances(raw)
    taken_back = open_withdrawn_acceptances(raw)
    with write_to(run_file) as con:
        con.execute(
            "delete from ledger.edition_figure where edition not in (select unnest(?::varchar[]))",
            [[e.edition for e in editions]],
        )
        for edition in keep_lines(con, "ledger.edition", ("edition",), editions, run):
            _load_figures(con, raw / FOLDER / f"{edition.edition}.csv", edition)
        of_acceptance = ("submission", "accepted_at")
        keep_lines(con, "ledger.accepted_revision", of_acceptance, accepted, run)
        keep_lines(con, "ledger.withdrawn_acceptance", of_acceptance, taken_back, run)


def _load_figures(con: duckdb.DuckDBPyConnection, path: Path, edition: Edition) -> None:
    con.execute(
        "insert into ledger.edition_figure by name select ? as edition, f.* "
        f"from read_csv(?, header = true, columns = {FIGURE_TYPES!r}, nullstr = '') as f",
        [edition.edition, str(path)],
    )
