"""What submissions brought, as the relations of schema `known` that rules across submissions read.

In: the readers' warehouse, attached as `stood`, and the rows that each form's own rules let through.
Out, in a scratch database: `known.figure`, `known.<register>`, `known.entry` and what belongs to
them.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.submission import Reading
from flows.model.unit import load_units
from flows.validate.batch import FormBatch
from flows.validate.cast_registers import SQL_TYPES
from flows.validate.cast_values import tabulate_rows

# what an office counts rather than measures: of these a year to date cannot fall
_MEASURED = "'currency', 'percent', 'percentage_point', 'mass', 'length', 'area', 'power'"

_FIGURES = (
    "zone, period, indicator, industry, basis, value, unit, value_reported, unit_reported, decimals_reported,"
    " growth_reported_pct, growth_decimals, qualifier, obs_status, note, form, submission, sheet, source_row"
)


def register_words(con: duckdb.DuckDBPyConnection, catalogue: Sequence[Form]) -> None:
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
    keep_table(
        con, "known.code", tabulate_rows(codes, "form column_name code ord:int32 title_zh title_en")
    )
    keep_table(con, "known.form", tabulate_rows(forms, "form kind title_zh title_en due"))


def keep_table(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Keep an Arrow table in the scratch database, in place of one of that name."""
    con.register("kept", table)
    con.execute(f"create or replace table {name} as select k.* from kept as k")
    con.unregister("kept")


def stood_has(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether the readers' warehouse has a table; one of a form that is new has not."""
    asked = "select 1 from duckdb_tables() where database_name = 'stood' and schema_name || '.' || table_name = ?"
    return con.execute(asked, [name]).fetchone() is not None


def gather_headings(con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch]) -> None:
    """`known.heading`: by what one of a new register's column was multiplied, where the sheet names
    its unit.
    """
    units = load_units()
    rows = {
        (b.submission, b.sheet, field, float(units[h.unit].factor))
        for batch in batches if batch.form.kind == "register"
        for b in Reading.open(batch.folder).blocks
        for field, h in b.headings.items()
        if h.unit in units
    }  # fmt: skip
    keep_table(
        con,
        "known.heading",
        tabulate_rows(sorted(rows, key=str), "submission sheet field factor:float64"),
    )


def gather_figures(con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch]) -> None:
    """`known.figure`: each figure that somebody sees, once."""
    con.execute(
        f"create table known.figure as select {_FIGURES} from stood.core.observation limit 0"
        if stood_has(con, "core.observation")
        else _EMPTY
    )
    if stood_has(con, "core.observation"):
        con.execute(f"""
            insert into known.figure by name
            select {_FIGURES} from stood.core.observation as o
            semi join known.seen as s on o.submission = s.submission
            anti join again as g on o.submission = g.submission
        """)
    for batch in batches:
        if batch.form.kind == "indicator":
            con.register("accepted_here", open_table(batch.folder / "candidate.arrow"))
            con.execute(f"insert into known.figure by name select {_FIGURES} from accepted_here")


_EMPTY = """
    create table known.figure (
        zone varchar, period varchar, indicator varchar, industry varchar, basis varchar, value decimal(28, 6), unit varchar,
        value_reported decimal(38, 6), unit_reported varchar, decimals_reported integer, growth_reported_pct decimal(18, 6),
        growth_decimals integer, qualifier varchar, obs_status varchar, note varchar, form varchar, submission varchar,
        sheet varchar, source_row integer
    )
"""


def gather_register(
    con: duckdb.DuckDBPyConnection, form: Form, batches: Sequence[FormBatch]
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
    if stood_has(con, f"core.{form.code}"):
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
    for batch in batches:
        if batch.form.code == form.code:
            con.register("accepted_here", open_table(batch.folder / "candidate.arrow"))
            con.execute(f"insert into known._{form.code} by name select * from accepted_here")
    con.execute(f"""
        create view known.{form.code} as
        select s.seen_by, s.is_own, s.quarter, r.*
        from known.standing as s
        inner join known.focus as f on s.seen_by = f.submission
        inner join known._{form.code} as r on s.submission = r.submission
        where s.is_here
    """)


def gather_entries(
    con: duckdb.DuckDBPyConnection, registers: Sequence[Form], batches: Sequence[FormBatch]
) -> None:
    """`known.entry`: the entities of every register; `held_entry`: those of held rows;
    `entry_change`:
    what a revision moves.
    """
    entries, changes = [], []
    for form in registers:
        identity = _identity_of(form)
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
    for batch in batches:
        if batch.form.kind == "register":
            con.register("held_rows", open_table(batch.folder / "held_entry.arrow"))
            con.execute("insert into known.held_entry select distinct h.* from held_rows as h")


def _identity_of(form: Form) -> list[str]:
    """The part of a register's key that says who or what a row is about, whatever its stage."""
    return [k for k in form.key if k not in ("stage", "status")]


def entity_key(form: Form) -> str:
    """The column by which an entity of a register is known from one list to the next."""
    return _identity_of(form)[-1]


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
