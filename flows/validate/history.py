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
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from flows import SQL_DIR
from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.clock import as_utc
from flows.model.submission import Reading, Submission, open_submissions
from flows.model.unit import load_units
from flows.model.zone import ZONE_FIELDS, load_zones
from flows.validate.cast_registers import SQL_TYPES
from flows.validate.cast_values import tabulate_rows
from flows.warehouse.sql_file import open_relation

# what an office counts rather than measures: of these a year to date cannot fall
_MEASURED = "'currency', 'percent', 'percentage_point', 'mass', 'length', 'area', 'power'"
_FIRST = ("known.standing", "known.replaced", "known.seen")
_FIGURES = (
    "zone, period, indicator, industry, basis, value, unit, value_reported, unit_reported, decimals_reported,"
    " growth_reported_pct, growth_decimals, qualifier, obs_status, note, form, submission, sheet, source_row"
)


@dataclass(frozen=True)
class Arrived:
    """A form's submissions of a run, judged by the form's own rules, in the folder of their batch."""

    form: Form
    folder: Path

    @property
    def submissions(self) -> list[Submission]:
        """Who sent what, rejected ones included."""
        return open_submissions(self.folder / "submissions.jsonl")

    def statuses(self) -> dict[str, str]:
        """What the form's own rules made of each submission."""
        return {
            row["submission"]: row["status"]
            for row in open_table(self.folder / "judged.arrow").to_pylist()
        }


def gather_known(
    con: duckdb.DuckDBPyConnection,
    catalogue: Sequence[Form],
    arrived: Sequence[Arrived],
    raw: Path | None = None,
) -> None:
    """Make every relation of `known`. `con` is a scratch database; `stood` may be attached to it or
    not; `raw` may bring zones.
    """
    con.execute("create schema if not exists known")
    _keep(
        con,
        "ref.zone",
        tabulate_rows(
            [[z[n] or None for n in ZONE_FIELDS] for z in load_zones(raw)], " ".join(ZONE_FIELDS)
        ),
    )
    _register_words(con, catalogue)
    _gather_submissions(con, catalogue, arrived)
    _gather_headings(con, arrived)
    _settle_standing(con)
    con.execute("create table known.focus as select a.submission from known.arrival as a")
    _gather_figures(con, arrived)
    registers = [f for f in catalogue if f.kind == "register"]
    for form in registers:
        _gather_register(con, form, arrived)
    _gather_entries(con, registers, arrived)
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


def _register_words(con: duckdb.DuckDBPyConnection, catalogue: Sequence[Form]) -> None:
    """`known.indicator` and `known.code`: what the catalogue says of lines and of code lists."""
    lines = [
        (
            i.indicator, i.industry, f.code, i.title.zh, i.title.en, i.flow_type, i.price_basis, i.sector,
            i.unit,
        )
        for f in catalogue for i in f.indicators
    ]  # fmt: skip
    names = "indicator industry form title_zh title_en flow_type price_basis sector unit"
    codes = [
        (f.code, c.name, code, ord_, t.zh, t.en)
        for f in catalogue for c in f.columns for ord_, (code, t) in enumerate((c.codes or {}).items())
    ]  # fmt: skip
    forms = [(f.code, f.kind, f.title.zh, f.title.en, "".join(map(str, f.due))) for f in catalogue]
    con.register("line_here", tabulate_rows(lines, names))
    con.execute(f"""
        create table known.indicator as
        select l.*, u.dimension not in ({_MEASURED}) as is_count
        from line_here as l inner join ref.unit as u on l.unit = u.unit
    """)
    _keep(
        con, "known.code", tabulate_rows(codes, "form column_name code ord:int32 title_zh title_en")
    )
    _keep(con, "known.form", tabulate_rows(forms, "form kind title_zh title_en due"))


def _keep(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register("kept", table)
    con.execute(f"create or replace table {name} as select k.* from kept as k")
    con.unregister("kept")


def _has(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the readers' warehouse has a table; one of a form that is new has not."""
    asked = "select 1 from duckdb_tables() where database_name = 'stood' and schema_name || '.' || table_name = ?"
    return con.execute(asked, [name]).fetchone() is not None


def _gather_submissions(
    con: duckdb.DuckDBPyConnection, catalogue: Sequence[Form], arrived: Sequence[Arrived]
) -> None:
    """`known.submission`: all that was not rejected, new or not; `known.arrival`: the new ones."""
    kinds = {f.code: f.kind for f in catalogue}
    rows = []
    for batch in arrived:
        statuses = batch.statuses()
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
            if statuses[s.submission] != "rejected"
        ]
    names = "submission form zone period revision:int32 received_at path is_new:bool_"
    con.register("fresh", tabulate_rows(rows, names))
    con.register(
        "again",
        tabulate_rows([(s.submission,) for b in arrived for s in b.submissions], "submission"),
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
            {stood if _has(con, "ledger.submission") else ""}
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
        for b in arrived
        for e in Reading.open(b.folder).explanations
        if e.code == "REVISION-REASON"
    ]
    con.register("given_here", tabulate_rows(given, "submission"))
    con.execute("create table known.reasoned as select distinct g.submission from given_here as g")
    if _has(con, "ledger.explanation"):
        con.execute(
            "insert into known.reasoned select submission from stood.ledger.explanation where code = 'REVISION-REASON'"
        )


def _in_utc(moment: str) -> str:
    """When it was received, as the ledger writes it; a file that is only being checked is received
    now.
    """
    return as_utc(moment or dt.datetime.now(dt.UTC)).isoformat(sep=" ")


def _gather_headings(con: duckdb.DuckDBPyConnection, arrived: Sequence[Arrived]) -> None:
    """`known.heading`: by what one of a new register's column was multiplied, where the sheet names
    its unit.
    """
    units = load_units()
    rows = {
        (b.submission, b.sheet, field, float(units[h.unit].factor))
        for batch in arrived if batch.form.kind == "register"
        for b in Reading.open(batch.folder).blocks
        for field, h in b.headings.items()
        if h.unit in units
    }  # fmt: skip
    _keep(
        con,
        "known.heading",
        tabulate_rows(sorted(rows, key=str), "submission sheet field factor:float64"),
    )


def _gather_figures(con: duckdb.DuckDBPyConnection, arrived: Sequence[Arrived]) -> None:
    """`known.figure`: each figure that somebody sees, once."""
    con.execute(
        f"create table known.figure as select {_FIGURES} from stood.core.observation limit 0"
        if _has(con, "core.observation")
        else _EMPTY
    )
    if _has(con, "core.observation"):
        con.execute(f"""
            insert into known.figure by name
            select {_FIGURES} from stood.core.observation as o
            semi join known.seen as s on o.submission = s.submission
            anti join again as g on o.submission = g.submission
        """)
    for batch in arrived:
        if batch.form.kind == "indicator":
            con.register("accepted_here", open_table(batch.folder / "accepted.arrow"))
            con.execute(f"insert into known.figure by name select {_FIGURES} from accepted_here")


_EMPTY = """
    create table known.figure (
        zone varchar, period varchar, indicator varchar, industry varchar, basis varchar, value decimal(28, 6), unit varchar,
        value_reported decimal(38, 6), unit_reported varchar, decimals_reported integer, growth_reported_pct decimal(18, 6),
        growth_decimals integer, qualifier varchar, obs_status varchar, note varchar, form varchar, submission varchar,
        sheet varchar, source_row integer
    )
"""


def _gather_register(
    con: duckdb.DuckDBPyConnection, form: Form, arrived: Sequence[Arrived]
) -> None:
    """`known.<form>`: a register's rows as seen. A column that an older warehouse lacks is NULL
    there.
    """
    columns = ", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in form.columns)
    con.execute(
        f"create table known._{form.code} (zone varchar, period varchar, {columns}, submission varchar, sheet varchar, source_row integer)"
    )
    there = {
        name
        for (name,) in con.execute(
            f"select column_name from (describe known._{form.code})"
        ).fetchall()
    }
    if _has(con, f"core.{form.code}"):
        stood = {
            n
            for (n,) in con.execute(
                f"select column_name from (describe stood.core.{form.code})"
            ).fetchall()
        }
        con.execute(f"""
            insert into known._{form.code} by name
            select {", ".join(f"r.{name}" for name in sorted(there & stood))} from stood.core.{form.code} as r
            semi join known.seen as s on r.submission = s.submission
            anti join again as g on r.submission = g.submission
        """)
    for batch in arrived:
        if batch.form.code == form.code:
            con.register("accepted_here", open_table(batch.folder / "accepted.arrow"))
            con.execute(f"insert into known._{form.code} by name select * from accepted_here")
    con.execute(f"""
        create view known.{form.code} as
        select s.seen_by, s.is_own, s.quarter, r.*
        from known.standing as s
        inner join known.focus as f on s.seen_by = f.submission
        inner join known._{form.code} as r on s.submission = r.submission
        where s.is_here
    """)


def _gather_entries(
    con: duckdb.DuckDBPyConnection, registers: Sequence[Form], arrived: Sequence[Arrived]
) -> None:
    """`known.entry`: the entities of every register; `held_entry`: those of held rows;
    `entry_change`:
    what a revision moves.
    """
    entries, changes = [], []
    for form in registers:
        identity = [k for k in form.key if k not in ("stage", "status")]
        said = next(
            (c.name for c in form.columns if c.name in ("enterprise", "project", "party")),
            identity[-1],
        )
        known = " || ' · ' || ".join(f"coalesce(r.{k}::varchar, '')" for k in identity)
        entries.append(
            f"select r.seen_by, r.is_own, '{form.code}' as form, r.zone, r.period, r.quarter, {known} as entry,"
            f" r.{identity[-1]}::varchar as entry_key, r.{said} as entry_name from known.{form.code} as r"
        )
        changes.append(_change_sql(form))
    con.execute("create view known.entry_change as " + " union all by name ".join(changes))
    con.execute("create view known.entry as " + " union all by name ".join(entries))
    con.execute("create table known.held_entry (submission varchar, entry_key varchar)")
    for batch in arrived:
        if batch.form.kind == "register":
            key = [k for k in batch.form.key if k not in ("stage", "status")][-1]
            con.register("held_rows", open_table(batch.folder / "held.arrow"))
            con.execute(
                "insert into known.held_entry"
                " select distinct h.submission, upper(trim(json_extract_string(h.data, ?))) from held_rows as h",
                [f"$.{key}"],
            )


def _change_sql(form: Form) -> str:
    """By how many rows a revision of a register differs from what it replaces."""
    key = " and ".join(
        ["o.seen_by = n.seen_by", *(f"o.{k} is not distinct from n.{k}" for k in form.key)]
    )
    old, new = (", ".join(f"{side}.{c.name}" for c in form.columns) for side in "on")
    return f"""
        select
            coalesce(o.seen_by, n.seen_by) as seen_by, '{form.code}' as form,
            count(*) filter (where n.seen_by is null) as rows_dropped,
            count(*) filter (where o.seen_by is null) as rows_added,
            count(*) filter (
                where o.seen_by is not null and n.seen_by is not null and row({old}) is distinct from row({new})
            ) as rows_changed
        from (
            select p.seen_by, r.* from known.replaced as p inner join known._{form.code} as r on p.submission = r.submission
        ) as o
        full join (
            select p.seen_by, r.* from known.replaced as p inner join known._{form.code} as r on p.seen_by = r.submission
        ) as n on {key}
        group by all
    """
