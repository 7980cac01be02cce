"""Editions and acceptances on their way from `raw/` into the warehouse, in every run.

They load into `ledger.edition`, `ledger.edition_figure` and `ledger.accepted_revision`. A frozen
file that has been changed stops the run (decision 0009).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from flows.model.clock import as_utc
from flows.publish.acceptances import Acceptance, open_acceptances
from flows.publish.editions import FIGURE_TYPES, FOLDER, Edition, open_editions
from flows.warehouse.database import published_path, read_published, write_to


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
            f"{path} is not what was frozen on {edition.frozen_at} by {edition.frozen_by} "
            f"(sha256 {edition.sha256[:12]}…); an edition is never edited: take the file back from "
            "version control or the backup"
        )
    con.execute(
        "insert into ledger.edition_figure by name select ? as edition, f.* "
        f"from read_csv(?, header = true, columns = {FIGURE_TYPES!r}, nullstr = '') as f",
        [edition.edition, str(path)],
    )
