"""Schema `known`: the figures and registers with which rules compare a new submission.

In: the readers' warehouse, attached as `stood`, and the folders of a run's batches as their own
rules left them. Out, in a scratch database: a relation for each kind of thing. Each row stands
there as a new submission (`seen_by`) could see it when it was received; `is_own` marks that
submission's own rows. `sql/known/` has the views that rules share.

What was known then follows from receipt, not from the run: a warehouse rebuilt from `raw/` in one
run gives the findings that were given quarter by quarter.
"""

from __future__ import annotations

import contextlib
import graphlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from flows import SQL_DIR
from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.clock import as_utc, now_in_utc
from flows.model.submission import Reading
from flows.model.zone import ZONE_FIELDS, load_zones
from flows.receive.withdrawals import open_withdrawals
from flows.validate.batch import FormBatch
from flows.validate.cast_values import tabulate_rows
from flows.validate.history_sources import (
    gather_catalogue,
    gather_entries,
    gather_figures,
    gather_headings,
    gather_register,
    list_published,
    published_as,
)
from flows.warehouse.database import bring_in, has_column
from flows.warehouse.sql_file import open_relation

# what rules see follows from these three, which are made again when a submission is dropped
_STANDING = ("known.standing", "known.replaced", "known.seen")


def gather_history(
    con: duckdb.DuckDBPyConnection,
    catalogue: Sequence[Form],
    batches: Sequence[FormBatch],
    raw: Path | None = None,
) -> None:
    """Make every relation of `known` in the scratch database `con`.

    The warehouse may be attached as `stood` or not; `raw` may bring zones of its own.
    """
    con.execute("create schema if not exists known")
    list_published(con)
    zones = [[zone[name] or None for name in ZONE_FIELDS] for zone in load_zones(raw)]
    bring_in(con, "ref.zone", tabulate_rows(zones, " ".join(ZONE_FIELDS)))
    gather_catalogue(con, catalogue)
    _gather_submissions(con, catalogue, batches, raw)
    _gather_reasons(con, batches)
    gather_headings(con, batches)
    _make_standing(con)
    con.execute("create table known.focus as select a.submission from known.arrival as a")
    gather_figures(con, batches)
    registers = [f for f in catalogue if f.kind == "register"]
    for form in registers:
        gather_register(con, form, batches)
    gather_entries(con, registers, batches)
    for path in _order_views():
        con.execute(path.read_text(encoding="utf-8"))


def compared_zones(batches: Sequence[FormBatch], raw: Path | None) -> set[str]:
    """The zones of a run's submissions, and those that rules may hold them against."""
    mine = {submission.zone for batch in batches for submission in batch.submissions}
    zones = load_zones(raw)
    parents = {zone["parent"] for zone in zones if zone["zone"] in mine}
    kinds = {zone["kind"] for zone in zones if zone["zone"] in mine}
    return mine | {z["zone"] for z in zones if z["zone"] in parents or z["kind"] in kinds}


def _order_views() -> list[Path]:
    """The views of `sql/known/`, each after what it reads."""
    relations = {
        relation.name: (path, relation)
        for path in sorted((SQL_DIR / "known").glob("*.sql"))
        if (relation := open_relation(path)).name not in _STANDING
    }
    needs = {
        name: [n for n in relation.reads if n in relations]
        for name, (_, relation) in relations.items()
    }
    return [relations[name][0] for name in graphlib.TopologicalSorter(needs).static_order()]


def focus_on(con: duckdb.DuckDBPyConnection, submissions: Sequence[str]) -> None:
    """Restrict the rules to these new submissions and to what they could see."""
    con.execute(
        "create or replace table known.focus as select unnest(?::varchar[]) as submission",
        [list(submissions)],
    )


@contextlib.contextmanager
def observed_once(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let the rules read `known.observation` from a table that `observe` fills, and not each of
    them, several times over, through the views below it.
    """
    con.execute("alter view known.observation rename to observation_view")
    con.execute("create table known.observation as from known.observation_view limit 0")
    try:
        yield
    finally:
        con.execute("drop table known.observation")
        con.execute("alter view known.observation_view rename to observation")


def observe(con: duckdb.DuckDBPyConnection) -> None:
    """What the submissions in focus see now, for `observed_once`. What is dropped later is dropped
    from it as well.
    """
    con.execute("create or replace table known.observation as from known.observation_view")


def drop_held_rows(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Drop the rows of `known.<table>` that `held_here` lists: nothing is compared with them."""
    con.execute(f"""
        delete from {table} as t
        using held_here as h
        where t.submission = h.submission and t.sheet is not distinct from h.sheet
            and t.source_row = h.source_row
    """)


def drop_submissions(con: duckdb.DuckDBPyConnection, submissions: Sequence[str]) -> None:
    """Drop submissions that turned out to be rejected; what they replaced stands again."""
    gone = [list(submissions)]
    is_alone = not con.execute(
        """
        select 1
        from known.submission as d
        inner join known.submission as s
            on d.form = s.form and d.zone = s.zone and d.period = s.period
        where list_contains(?, d.submission) and d.submission <> s.submission
        limit 1
        """,
        gone,
    ).fetchone()
    for table in ("known.submission", "known.arrival"):
        con.execute(f"delete from {table} where list_contains(?, submission)", gone)
    if not is_alone:
        _make_standing(con)
        observe(con)
        return
    # nothing stands in their place, and nothing else changes
    is_gone = "list_contains($1, submission) or list_contains($1, seen_by)"
    for table in ("known.standing", "known.observation"):
        con.execute(f"delete from {table} where {is_gone}", gone)


def find_emptied(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The submissions of `held_here` of which no row of a table is left."""
    rows = con.execute(f"""
        select distinct h.submission
        from held_here as h
        where h.submission not in (select t.submission from {table} as t)
    """).fetchall()
    return [submission for (submission,) in rows]


def _make_standing(con: duckdb.DuckDBPyConnection) -> None:
    """Make `known.standing`, `known.replaced` and `known.seen` from `known.submission`."""
    for name in _STANDING:
        con.execute((SQL_DIR / f"{name.replace('.', '/')}.sql").read_text(encoding="utf-8"))


def _gather_submissions(
    con: duckdb.DuckDBPyConnection,
    catalogue: Sequence[Form],
    batches: Sequence[FormBatch],
    raw: Path | None,
) -> None:
    """`known.submission`: all that was not rejected, new or not; `known.arrival`: the new ones."""
    kinds = {f.code: f.kind for f in catalogue}
    new = []
    for batch in batches:
        candidates = open_table(batch.folder / "candidate.arrow").column("submission")
        let_through = set(candidates.unique().to_pylist())
        new += [
            (
                s.submission,
                s.form,
                s.zone,
                s.period,
                s.revision,
                _in_utc(s.received_at),
                s.path,
                s.replacement,
                bool(s.part_of),
            )
            for s in batch.submissions
            if s.submission in let_through
        ]
    judged = [(s.submission,) for batch in batches for s in batch.submissions]
    columns = "submission form zone period revision:int32 received_at path"
    columns += " replacement:int32 is_part:bool_"
    con.register("new_here", tabulate_rows(new, columns))
    con.register("judged_here", tabulate_rows(judged, "submission"))
    con.register("form_kind", tabulate_rows(sorted(kinds.items()), "form kind"))
    withdrawals = open_withdrawals(raw) if raw else []
    withdrawn = [(line.submission, _in_utc(line.withdrawn_at)) for line in withdrawals]
    con.register("withdrawn_here", tabulate_rows(withdrawn, "submission withdrawn_at"))
    # a warehouse of an earlier version lacks columns: nothing in it is a replacement or a part
    is_there = published_as(con, "ledger.submission")
    # and what a lake has brought says itself when it was withdrawn
    replacement, part_of, withdrawn_at = (
        f"s.{name}" if is_there and has_column(con, "stood.ledger.submission", name) else "null"
        for name in ("replacement", "part_of", "withdrawn_at")
    )
    published = f"""
        union all by name
        select
            s.submission, s.form, s.zone, s.period, s.revision, s.received_at, s.path,
            false as is_new, coalesce({replacement}, 0) as replacement,
            {part_of} is not null as is_part, {withdrawn_at} as withdrawn_elsewhere
        from stood.ledger.submission as s
        anti join judged_here as j on s.submission = j.submission
        where s.status <> 'rejected'
    """
    con.execute(f"""
        create table known.submission as
        with every_one as (
            select
                n.* replace (n.received_at::timestamp as received_at), true as is_new,
                null::timestamp as withdrawn_elsewhere
            from new_here as n
            {published if is_there else ""}
        )
        select
            e.* exclude (withdrawn_elsewhere), period_number(e.period) as quarter,
            f.kind, z.kind as zone_kind, z.parent,
            coalesce(w.withdrawn_at::timestamp, e.withdrawn_elsewhere) as withdrawn_at
        from every_one as e
        inner join form_kind as f on e.form = f.form
        left join ref.zone as z on e.zone = z.zone
        left join withdrawn_here as w on e.submission = w.submission
    """)
    con.execute(
        "create table known.arrival as select s.* from known.submission as s where s.is_new"
    )


def _gather_reasons(con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch]) -> None:
    """`known.reasoned`: the revisions for which the sender has given the reason."""
    reasons = [
        (explanation.submission,)
        for batch in batches
        for explanation in Reading.open(batch.folder).explanations
        if explanation.code == "REVISION-REASON"
    ]
    con.register("reason_here", tabulate_rows(reasons, "submission"))
    con.execute("create table known.reasoned as select distinct r.submission from reason_here as r")
    if published_as(con, "ledger.explanation"):
        con.execute("""
            insert into known.reasoned
            select submission from stood.ledger.explanation where code = 'REVISION-REASON'
        """)


def _in_utc(moment: str) -> str:
    """A time of receipt in UTC, as the ledger writes it; now, for a file that is only checked."""
    return as_utc(moment or now_in_utc()).isoformat(sep=" ")
