"""What submissions brought, as the relations of schema `known` that rules across submissions read.

In: the readers' warehouse, attached as `stood`, and the rows that each form's own rules let
through. Out, in a scratch database: `known.figure`, `known.<register>`, `known.entry` and what
belongs to them.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.submission import Reading
from flows.model.unit import load_units
from flows.validate.batch import FormBatch
from flows.validate.cast_sql import SQL_TYPES
from flows.validate.cast_values import tabulate_rows
from flows.warehouse.database import bring_in
from flows.warehouse.sql_text import one_of

# what an office measures; all else it counts, and a count of the year to date cannot fall
_MEASURED = (
    "'currency', 'percent', 'percentage_point', 'mass', 'length', 'area',"
    " 'power', 'energy', 'coal_equivalent', 'volume', 'freight', 'foreign_currency'"
)

_FIGURE_TYPES = {
    "zone": "varchar",
    "period": "varchar",
    "indicator": "varchar",
    "industry": "varchar",
    "basis": "varchar",
    "value": "decimal(28, 6)",
    "unit": "varchar",
    "value_reported": "decimal(38, 6)",
    "unit_reported": "varchar",
    "decimals_reported": "integer",
    "growth_reported_pct": "decimal(18, 6)",
    "growth_decimals": "integer",
    "qualifier": "varchar",
    "obs_status": "varchar",
    "note": "varchar",
    "form": "varchar",
    "submission": "varchar",
    "sheet": "varchar",
    "source_row": "integer",
}
_FIGURE_COLUMNS = ", ".join(_FIGURE_TYPES)


def gather_catalogue(con: duckdb.DuckDBPyConnection, catalogue: Sequence[Form]) -> None:
    """`known.indicator`, `known.code` and `known.form`: lines, code lists and forms as declared."""
    lines = [
        (
            line.indicator,
            line.industry,
            form.code,
            line.title.zh,
            line.title.en,
            line.flow_type,
            line.price_basis,
            line.sector,
            line.unit,
            line.quoted_unit,
            line.growth_scope,
        )
        for form in catalogue
        for line in form.indicators
    ]
    columns = (
        "indicator industry form title_zh title_en flow_type price_basis sector unit quoted_unit"
        " growth_scope"
    )
    con.register("line_here", tabulate_rows(lines, columns))
    con.execute(f"""
        create table known.indicator as
        select l.*, u.dimension not in ({_MEASURED}) as is_count
        from line_here as l
        inner join ref.unit as u on l.unit = u.unit
    """)
    codes = [
        (form.code, column.name, code, place, title.zh, title.en)
        for form in catalogue
        for column in form.columns
        for place, (code, title) in enumerate((column.codes or {}).items())
    ]
    columns = "form column_name code ord:int32 title_zh title_en"
    bring_in(con, "known.code", tabulate_rows(codes, columns))
    forms = [(f.code, f.kind, f.title.zh, f.title.en, "".join(map(str, f.due))) for f in catalogue]
    bring_in(con, "known.form", tabulate_rows(forms, "form kind title_zh title_en due"))


def published_as(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """What a relation of the readers' warehouse is, `table` or, beside a lake, `view`; None where
    it lacks that of a form that is new.
    """
    row = con.execute("select kind from known.published where name = ?", [name]).fetchone()
    return str(row[0]) if row else None


def list_published(con: duckdb.DuckDBPyConnection) -> None:
    """`known.published`: the relations of the readers' warehouse; beside a lake they are views."""
    con.execute("""
        create table known.published as
        select schema_name || '.' || table_name as name, 'table' as kind
        from duckdb_tables()
        where database_name = 'stood'
        union all
        select schema_name || '.' || view_name, 'view'
        from duckdb_views()
        where database_name = 'stood'
    """)


def gather_headings(con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch]) -> None:
    """`known.heading`: the factor of a new register's column whose unit the sheet names."""
    units = load_units()
    rows = {
        (block.submission, block.sheet, field, float(units[heading.unit].factor))
        for batch in batches
        if batch.form.kind == "register"
        for block in Reading.open(batch.folder).blocks
        for field, heading in block.headings.items()
        if heading.unit in units
    }
    columns = "submission sheet field factor:float64"
    bring_in(con, "known.heading", tabulate_rows(sorted(rows, key=str), columns))


def gather_figures(con: duckdb.DuckDBPyConnection, batches: Sequence[FormBatch]) -> None:
    """`known.figure`: each figure that a new submission may see, once."""
    if kind := published_as(con, "core.observation"):
        con.execute(f"""
            create table known.figure as
            select {_FIGURE_COLUMNS} from stood.core.observation limit 0
        """)
        con.execute(f"""
            insert into known.figure by name
            select {_FIGURE_COLUMNS}
            from stood.core.observation as o
            semi join known.seen as s on o.submission = s.submission
            anti join judged_here as j on o.submission = j.submission
            where {_where_seen(con, kind, "s.kind = 'indicator'")}
        """)
    else:
        columns = ", ".join(f"{name} {kind}" for name, kind in _FIGURE_TYPES.items())
        con.execute(f"create table known.figure ({columns})")
    for batch in batches:
        if batch.form.kind == "indicator":
            con.register("candidate_here", open_table(batch.folder / "candidate.arrow"))
            con.execute(f"""
                insert into known.figure by name select {_FIGURE_COLUMNS} from candidate_here
            """)


def gather_register(
    con: duckdb.DuckDBPyConnection, form: Form, batches: Sequence[FormBatch]
) -> None:
    """`known.<form>`: a register's rows as each new submission sees them.

    A column that an older warehouse lacks is NULL in its rows.
    """
    con.execute(f"""
        create table known._{form.code} (
            zone varchar, period varchar,
            {", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in form.columns)},
            submission varchar, sheet varchar, source_row integer
        )
    """)
    if kind := published_as(con, f"core.{form.code}"):
        shared = _columns_of(con, f"known._{form.code}") & _columns_of(
            con, f"stood.core.{form.code}"
        )
        con.execute(f"""
            insert into known._{form.code} by name
            select {", ".join(f"r.{name}" for name in sorted(shared))}
            from stood.core.{form.code} as r
            semi join known.seen as s on r.submission = s.submission
            anti join judged_here as j on r.submission = j.submission
            where {_where_seen(con, kind, f"s.form = '{form.code}'")}
        """)
    for batch in batches:
        if batch.form.code == form.code:
            con.register("candidate_here", open_table(batch.folder / "candidate.arrow"))
            con.execute(f"insert into known._{form.code} by name select * from candidate_here")
    con.execute(f"""
        create view known.{form.code} as
        select s.seen_by, s.is_own, s.quarter, r.*
        from known.standing as s
        inner join known.focus as f on s.seen_by = f.submission
        inner join known._{form.code} as r on s.submission = r.submission
        where s.is_here
    """)


def _where_seen(con: duckdb.DuckDBPyConnection, kind: str, which: str) -> str:
    """A condition on the zones and quarters that are seen of some submissions, by which a lake does
    not open files of others; a table needs none.
    """
    if kind == "table":
        return "true"
    rows = con.execute(f"""
        select distinct s.zone, s.period
        from known.submission as s
        semi join known.seen as n on s.submission = n.submission
        where not s.is_new and {which}
    """).fetchall()
    if not rows:
        return "false"
    zones, periods = (one_of(values) for values in zip(*rows, strict=True))
    return f"zone {zones} and period {periods}"


def _columns_of(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = con.execute(f"select column_name from (describe {table})").fetchall()
    return {name for (name,) in rows}


def gather_entries(
    con: duckdb.DuckDBPyConnection, registers: Sequence[Form], batches: Sequence[FormBatch]
) -> None:
    """`known.entry`, `known.entry_change`, `known.held_entry`: the entities of the registers.

    The first has every entity, the second what a revision adds, drops and changes, the third the
    entities of rows that are held.
    """
    entries = " union all by name ".join(_entry_sql(form) for form in registers)
    changes = " union all by name ".join(_change_sql(form) for form in registers)
    con.execute(f"create view known.entry_change as {changes}")
    con.execute(f"create view known.entry as {entries}")
    con.execute("create table known.held_entry (submission varchar, entry_key varchar)")
    for batch in batches:
        if batch.form.kind == "register":
            con.register("held_rows", open_table(batch.folder / "held_entry.arrow"))
            con.execute("insert into known.held_entry select distinct h.* from held_rows as h")


def _identity_of(form: Form) -> list[str]:
    """The part of a register's key that says who or what a row is about, whatever its stage."""
    return [k for k in form.key if k not in ("stage", "status")]


def entity_key(form: Form) -> str:
    """The column that identifies an entity of a register from one list to the next."""
    return _identity_of(form)[-1]


def _entry_sql(form: Form) -> str:
    """The entities of a register: all that identifies each, its key and its name."""
    identity = _identity_of(form)
    names = [c.name for c in form.columns if c.name in ("enterprise", "project", "party")]
    name = names[0] if names else identity[-1]
    entry = " || ' · ' || ".join(f"coalesce(r.{k}::varchar, '')" for k in identity)
    return f"""
        select
            r.seen_by, r.is_own, '{form.code}' as form, r.zone, r.period, r.quarter,
            {entry} as entry, r.{identity[-1]}::varchar as entry_key, r.{name} as entry_name
        from known.{form.code} as r
    """


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
                where o.seen_by is not null and n.seen_by is not null
                    and row({old}) is distinct from row({new})
            ) as rows_changed
        from (
            select p.seen_by, r.*
            from known.replaced as p
            inner join known._{form.code} as r on p.submission = r.submission
        ) as o
        full join (
            select p.seen_by, r.*
            from known.replaced as p
            inner join known._{form.code} as r on p.seen_by = r.submission
        ) as n on {key}
        group by all
    """
