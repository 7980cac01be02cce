"""Noun: what is known, the figures and registers that a new submission is compared with.

In: the readers' warehouse, attached as `stood`, and the folders of a run's batches as their own
rules left them. Out, in a scratch database, schema `known`: one relation a kind of thing, each row
as some new submission (`seen_by`) could see it when it was received. `is_own` marks its own rows.

Knowledge is dated by receipt, not by the run: a warehouse rebuilt from `raw/` in one run gives the
findings that were given quarter by quarter. `sql/known/` has the views that rules share.
"""

from __future__ import annotations

import datetime as dt
import graphlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from flows import SQL_DIR
from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.clock import as_utc
from flows.model.submission import Reading
from flows.model.zone import ZONE_FIELDS, load_zones
from flows.validate.batch import FormBatch
from flows.validate.cast_values import tabulate_rows
from flows.validate.history_sources import (
    gather_entries,
    gather_figures,
    gather_headings,
    gather_register,
    keep_table,
    register_words,
    stood_has,
)
from flows.warehouse.sql_file import open_relation

_FIRST = ("known.standing", "known.replaced", "known.seen")


def gather_history(
    con: duckdb.DuckDBPyConnection,
    catalogue: Sequence[Form],
    batches: Sequence[FormBatch],
    raw: Path | None = None,
) -> None:
    """Make every relation of `known`. `con` is a scratch database; `stood` may be attached to it or
    not; `raw` may bring zones.
    """
    con.execute("create schema if not exists known")
    keep_table(
        con,
        "ref.zone",
        tabulate_rows(
            [[z[n] or None for n in ZONE_FIELDS] for z in load_zones(raw)], " ".join(ZONE_FIELDS)
        ),
    )
    register_words(con, catalogue)
    _gather_submissions(con, catalogue, batches)
    gather_headings(con, batches)
    _settle_standing(con)
    con.execute("create table known.focus as select a.submission from known.arrival as a")
    gather_figures(con, batches)
    registers = [f for f in catalogue if f.kind == "register"]
    for form in registers:
        gather_register(con, form, batches)
    gather_entries(con, registers, batches)
    for path in order_known():
        con.execute(path.read_text(encoding="utf-8"))


def order_known() -> list[Path]:
    """The views of `sql/known/`, each after what it reads."""
    relations = {
        r.name: (path, r)
        for path in sorted((SQL_DIR / "known").glob("*.sql"))
        if (r := open_relation(path)).name not in _FIRST
    }
    needs = {
        name: [n for n in relation.reads if n in relations]
        for name, (_, relation) in relations.items()
    }
    return [relations[name][0] for name in graphlib.TopologicalSorter(needs).static_order()]


def look_at(con: duckdb.DuckDBPyConnection, submissions: Sequence[str]) -> None:
    """Let the rules see with the eyes of these new submissions alone."""
    con.execute(
        "create or replace table known.focus as select unnest(?::varchar[]) as submission",
        [list(submissions)],
    )


def forget_rows(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Rows of `known.<table>` that `held_here` lists are no longer known: what is held is not
    compared
    with.
    """
    con.execute(f"""
        delete from {table} as t using held_here as h
        where t.submission = h.submission and t.sheet is not distinct from h.sheet and t.source_row = h.source_row
    """)


def forget_submissions(con: duckdb.DuckDBPyConnection, submissions: Sequence[str]) -> None:
    """Submissions that turned out to be rejected stand for nothing; what they replaced stands
    again.
    """
    for table in ("known.submission", "known.arrival"):
        con.execute(f"delete from {table} where list_contains(?, submission)", [submissions])
    _settle_standing(con)


def find_emptied(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The submissions of `held_here` of which no row of a table is left."""
    left = f"select t.submission from {table} as t"
    return [
        s
        for (s,) in con.execute(
            f"select distinct h.submission from held_here as h where h.submission not in ({left})"
        ).fetchall()
    ]


def _settle_standing(con: duckdb.DuckDBPyConnection) -> None:
    """`known.standing`, `known.replaced` and `known.seen`, from the submissions that are known."""
    for name in _FIRST:
        con.execute((SQL_DIR / f"{name.replace('.', '/')}.sql").read_text(encoding="utf-8"))


def _gather_submissions(
    con: duckdb.DuckDBPyConnection, catalogue: Sequence[Form], batches: Sequence[FormBatch]
) -> None:
    """`known.submission`: all that was not rejected, new or not; `known.arrival`: the new ones."""
    kinds = {f.code: f.kind for f in catalogue}
    rows = []
    for batch in batches:
        candidates = open_table(batch.folder / "candidate.arrow").column("submission")
        let_through = set(candidates.unique().to_pylist())
        rows += [
            (
                s.submission,
                s.form,
                s.zone,
                s.period,
                s.revision,
                _in_utc(s.received_at),
                s.path,
                True,
            )
            for s in batch.submissions
            if s.submission in let_through
        ]
    names = "submission form zone period revision:int32 received_at path is_new:bool_"
    con.register("fresh", tabulate_rows(rows, names))
    con.register(
        "again",
        tabulate_rows([(s.submission,) for b in batches for s in b.submissions], "submission"),
    )
    con.register("form_kind", tabulate_rows(sorted(kinds.items()), "form kind"))
    stood = """
        union all by name
        select s.submission, s.form, s.zone, s.period, s.revision, s.received_at, s.path, false as is_new
        from stood.ledger.submission as s anti join again as g on s.submission = g.submission
        where s.status <> 'rejected'
    """
    con.execute(f"""
        create table known.submission as
        with known_here as (
            select f.* replace (f.received_at::timestamp as received_at) from fresh as f
            {stood if stood_has(con, "ledger.submission") else ""}
        )
        select k.*, left(k.period, 4)::integer * 4 + right(k.period, 1)::integer as quarter, f.kind, z.kind as zone_kind, z.parent
        from known_here as k
        inner join form_kind as f on k.form = f.form
        left join ref.zone as z on k.zone = z.zone
    """)
    con.execute(
        "create table known.arrival as select s.* from known.submission as s where s.is_new"
    )
    given = [
        (e.submission,)
        for b in batches
        for e in Reading.open(b.folder).explanations
        if e.code == "REVISION-REASON"
    ]
    con.register("given_here", tabulate_rows(given, "submission"))
    con.execute("create table known.reasoned as select distinct g.submission from given_here as g")
    if stood_has(con, "ledger.explanation"):
        con.execute(
            "insert into known.reasoned select submission from stood.ledger.explanation where code = 'REVISION-REASON'"
        )


def _in_utc(moment: str) -> str:
    """When it was received, as the ledger writes it; a file that is only being checked is received
    now.
    """
    return as_utc(moment or dt.datetime.now(dt.UTC)).isoformat(sep=" ")
