"""The step from tables to views: everything in `sql/`, its twins as of a time, seasonal adjustment.

In: a run's file with its tables loaded. Out: in the same file the schemas `staging`, `metrics` and
`public`, reference tables, the tables of `derived`, and words on all of it. Views are made
anew only when what they are made of has changed; the order of their making follows the `reads:` of
their headers, which are compared here with what DuckDB itself finds in each query. Raises
BuildError naming the file of SQL that is wrong, and where an audit of `sql/checks/` fails.
"""

from __future__ import annotations

import graphlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from flows import SQL_DIR
from flows.build.as_of import AS_OF, BEFORE, Macro, derive_macros
from flows.build.benchmark import benchmark
from flows.build.catalogue_tables import (
    load_catalogue_tables,
    load_period_table,
    load_zone_table,
)
from flows.build.changed_zones import EVERY_ZONE, ask_changed
from flows.build.comments import comment_macros, comment_relations
from flows.build.fingerprint import fingerprint
from flows.build.seasonal import adjust
from flows.build.stand_in import make, make_over_stand_ins, naming
from flows.forms.form import Form
from flows.model.errors import BuildError
from flows.warehouse.database import (
    load_reference,
    scalar_macros,
    suit_threads_to_file,
    write_to,
)
from flows.warehouse.ledger import zone_states
from flows.warehouse.sql_file import Relation, open_relation
from flows.warehouse.sql_text import quote
from flows.warehouse.version import PROGRAM, SCHEMA

_FIGURES = ("core.", "derived.", "staging.", "metrics.")
LAYERS = ("staging", "metrics", "public")


def order_relations() -> list[Relation]:
    """The views of every layer, each after what it reads. Raises BuildError on a circle."""
    relations = {r.name: r for layer in LAYERS for r in open_all(layer)}
    needs = {
        name: [r for r in relation.reads if r in relations] for name, relation in relations.items()
    }
    try:
        return [relations[name] for name in graphlib.TopologicalSorter(needs).static_order()]
    except graphlib.CycleError as error:
        raise BuildError(
            f"views read each other in a circle: {' → '.join(error.args[1])}"
        ) from error


def build(
    run_file: Path,
    catalogue: Mapping[str, Form],
    raw: Path | None = None,
    before: Mapping[str, str] | None = None,
) -> int:
    """Make everything that is derived, and audit it; `raw` may bring zones of its own. Returns the
    number of views. `before`: the states of the zones of the build from which this one goes on,
    where there is one; of a zone that is as it was, nothing is computed or audited again.
    """
    relations = order_relations()
    with write_to(run_file) as con:
        suit_threads_to_file(con)
        if not _is_made_of(con, fingerprint(catalogue, raw), relations):
            _make_views(con, relations, catalogue, raw)
        # which resubmissions alter what was published: computed once a build, read by everything
        # that is current
        con.execute("delete from ledger.resubmission")
        con.execute(
            "insert into ledger.resubmission by name select r.* from staging.resubmission as r"
        )
        asked = EVERY_ZONE if before is None else ask_changed(before, zone_states(con))
        adjust(con)
        benchmark(con, asked)
        _audit(con, asked)
    return len(relations)


def _is_made_of(con: duckdb.DuckDBPyConnection, made_of: str, relations: list[Relation]) -> bool:
    """Whether the views in the file are those that would be made, and can be left as they are."""
    if not con.execute(
        "select 1 from duckdb_tables() where schema_name = 'ref' and table_name = 'build'"
    ).fetchone():
        return False
    views = con.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall()
    there = {name for (name,) in views if name.partition(".")[0] in LAYERS}
    return con.execute("select fingerprint from ref.build").fetchone() == (made_of,) and there == {
        r.name for r in relations
    }


def _make_views(
    con: duckdb.DuckDBPyConnection,
    relations: list[Relation],
    catalogue: Mapping[str, Form],
    raw: Path | None,
) -> None:
    """All of them together, for a view over a table that was altered would be broken; and their
    words.
    """
    scalars, tables = make_relations(con, relations, catalogue, raw)
    comment_relations(con, relations, open_all("tables"))
    comment_macros(con, scalars, tables)


def make_relations(
    con: duckdb.DuckDBPyConnection,
    relations: list[Relation],
    catalogue: Mapping[str, Form],
    raw: Path | None,
    *,
    over_views: bool = False,
) -> tuple[list[Relation], list[Relation | Macro]]:
    """Reference tables, macros and views, made anew in whatever `con` uses. Returns the macros that
    give a value, and those that give a table.

    `over_views`: whether views stand for the tables, as in a lake; DuckDB would look through them,
    and what each view reads is not compared with its header.
    """
    for layer in reversed(LAYERS):
        con.execute(f"drop schema if exists {layer} cascade")
    for layer in LAYERS:
        con.execute(f"create schema {layer}")
    load_reference(con)
    load_zone_table(con, raw)
    load_period_table(con)
    load_catalogue_tables(con, catalogue)
    con.execute(
        "create or replace table ref.build as "
        f"select {quote(fingerprint(catalogue, raw))} as fingerprint, "
        f"{SCHEMA} as schema_version, {quote(PROGRAM)} as program_version"
    )
    scalars = [open_relation(path) for path in scalar_macros(SQL_DIR)]
    for scalar in scalars:
        make(con, scalar.name, scalar.sql)
    if not over_views:
        for view in relations:  # before any is there, for DuckDB looks through views as well
            _check_reads(con, view)
    written = [open_relation(path) for path in sorted((SQL_DIR / "macros").glob("*.*.sql"))]
    asked = {name for macro in written for name in macro.reads}
    dated = {table.name: table.known for table in open_all("tables") if table.known}
    derived = derive_macros(con, relations, dated, asked)
    by_views = {name for view in relations for name in view.reads}
    by_macros = {f"{name}_{family.suffix}" for name in by_views for family in (AS_OF, BEFORE)}
    make_over_stand_ins(con, [*relations, *derived], by_views | by_macros | asked, written)
    return scalars, [*derived, *written]


def open_all(folder: str) -> list[Relation]:
    """The relations of a folder of `sql/`, by name."""
    return [open_relation(path) for path in sorted((SQL_DIR / folder).glob("*.sql"))]


def _check_reads(con: duckdb.DuckDBPyConnection, view: Relation) -> None:
    """Compare the header with DuckDB's own list, in which the scalar macros are looked through."""
    with naming(view.name):
        names = con.get_table_names(view.query, qualified=True)
    reads = {name.split(" AS ")[0].replace('"', "") for name in names}
    if reads != set(view.reads):
        raise BuildError(
            f"sql {view.name}: its header must say “-- reads: {', '.join(sorted(reads))}”"
        )


def _audit(con: duckdb.DuckDBPyConnection, asked: Sequence[str] = EVERY_ZONE) -> None:
    """Run `sql/checks/`: a row returned is a failure, and a run that has one is not published.

    One that reads figures names the zone of each failure, and is put to the zones `asked`.
    """
    for check in open_all("checks"):
        of_figures = any(name.startswith(_FIGURES) for name in check.reads)
        with naming(check.name):
            failures = [
                row
                for zones in (asked if of_figures else EVERY_ZONE)
                for row in con.execute(f"from ({check.query}) where {zones}").fetchmany(3)
            ]
        if failures:
            raise BuildError(f"{check.name}: {check.title_en} Not so for {failures}")
