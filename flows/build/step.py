"""Stage: build. Reference tables and every view, made anew from `sql/` in the order they need each
other.

In: a run's file with its tables loaded. Out: schemas `ref`, `staging`, `metrics` and `public`, a
    comment on
every object and column, and the certainty that nothing in `sql/checks/` returns a row. Nothing
else creates a view. Raises BuildError naming the file at fault.
"""

from __future__ import annotations

import graphlib
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa

from flows import PACKAGE_DIR, SQL_DIR
from flows.build.as_of import derive_macros
from flows.build.seasonal import adjust
from flows.forms.common_rules import common_rules
from flows.forms.form import Form
from flows.forms.release_calendar import CALENDAR, list_due
from flows.model.errors import BuildError
from flows.model.zone import ZONE_FIELDS, fingerprint_zones, load_zones
from flows.validate.checks import checks_of
from flows.validate.history_rule import load_history_rules
from flows.warehouse.database import load_reference, scalar_macros, write_to
from flows.warehouse.sql_file import Relation, open_relation
from flows.warehouse.sql_text import quote

LAYERS = ("staging", "metrics", "public")


def order_relations() -> list[Relation]:
    """The views of every layer, each after what it reads. Raises BuildError on a circle."""
    relations = {
        r.name: r
        for layer in LAYERS
        for path in sorted((SQL_DIR / layer).glob("*.sql"))
        if (r := open_relation(path))
    }
    needs = {
        name: [r for r in relation.reads if r in relations] for name, relation in relations.items()
    }
    try:
        return [relations[name] for name in graphlib.TopologicalSorter(needs).static_order()]
    except graphlib.CycleError as error:
        raise BuildError(
            f"views read each other in a circle: {' → '.join(error.args[1])}"
        ) from error


def fingerprint(catalogue: Mapping[str, Form], raw: Path | None = None) -> str:
    """Changes whenever the SQL, the reference tables, the office's own zones, a form's declaration
    or
    the making of views changes.
    """
    digest = hashlib.sha256(fingerprint_zones(raw).encode())
    for module in (
        "build/step.py",
        "build/as_of.py",
        "forms/release_calendar.py",
        "warehouse/sql_file.py",
    ):
        digest.update((PACKAGE_DIR / module).read_bytes())
    for path in sorted(SQL_DIR.rglob("*.*")):
        digest.update(path.name.encode() + path.read_bytes())
    for form in catalogue.values():
        digest.update(form.fingerprint.encode())
    digest.update(CALENDAR.read_bytes())
    return digest.hexdigest()[:16]


def build(run_file: Path, catalogue: Mapping[str, Form], raw: Path | None = None) -> int:
    """Make everything that is derived, and audit it; `raw` may bring zones of its own. Returns the
    number of views.
    """
    relations = order_relations()
    with write_to(run_file) as con:
        if not _is_made_of(con, fingerprint(catalogue, raw), relations):
            _make_views(con, relations, catalogue, raw)
        # which resubmissions alter what was published: computed once a build, read by everything
        # that is current
        con.execute("delete from ledger.resubmission")
        con.execute(
            "insert into ledger.resubmission by name select r.* from staging.resubmission as r"
        )
        adjust(con)
        _audit(con)
    return len(relations)


def _is_made_of(con: duckdb.DuckDBPyConnection, made_of: str, relations: list[Relation]) -> bool:
    """Whether the views in the file are those that would be made: they are then left as they are."""
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
    for layer in reversed(LAYERS):
        con.execute(f"drop schema if exists {layer} cascade")
    for layer in LAYERS:
        con.execute(f"create schema {layer}")
    load_reference(con)
    _load_zones(con, raw)
    _load_catalogue(con, catalogue)
    con.execute(
        f"create or replace table ref.build as select {quote(fingerprint(catalogue, raw))} as fingerprint"
    )
    scalars = [open_relation(path) for path in scalar_macros(SQL_DIR)]
    for relation in (*scalars, *relations):
        _run(con, relation.name, relation.sql)
    _make_table_macros(con, relations)
    _comment(con, relations)
    for scalar in scalars:
        _run(
            con,
            scalar.name,
            f"comment on macro {scalar.name} is {quote(f'{scalar.title_zh} | {scalar.title_en}')}",
        )


def _make_table_macros(con: duckdb.DuckDBPyConnection, relations: list[Relation]) -> None:
    """`<view>_as_of(known_at)` of every view, from the view's own SQL, and the macros of
    `sql/macros/<schema>.<name>.sql`.
    """
    known = {
        t.name: t.known
        for path in sorted((SQL_DIR / "tables").glob("*.sql"))
        if (t := open_relation(path)).known
    }
    written = [open_relation(path) for path in sorted((SQL_DIR / "macros").glob("*.*.sql"))]
    for derived in derive_macros(
        relations, {name: column for name, column in known.items() if column}, _asked_of(written)
    ):
        _run(con, derived.name, derived.sql)
        if derived.missed:
            raise BuildError(
                f"sql {derived.name}: write each relation as “{min(derived.missed)} as …”, so that it is seen as of a time"
            )
        _run(con, derived.name, derived.proof)
        _run(
            con,
            derived.name,
            f"comment on macro table {derived.name} is {quote(f'{derived.title_zh} | {derived.title_en}')}",
        )
    for macro in written:
        _run(con, macro.name, macro.sql)
        _run(
            con,
            macro.name,
            f"comment on macro table {macro.name} is {quote(f'{macro.title_zh} | {macro.title_en}')}",
        )


def _asked_of(macros: list[Relation]) -> set[str]:
    return {name for macro in macros for name in macro.reads}


def _run(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    try:
        con.execute(sql)
    except duckdb.Error as error:
        raise BuildError(f"sql {name}: {error}") from error


def _load_zones(con: duckdb.DuckDBPyConnection, raw: Path | None) -> None:
    """`ref.zone`: the zones of the package and those that the office has added beside its
    submissions.
    """
    con.register(
        "incoming",
        pa.Table.from_pylist(
            [{name: zone[name] or None for name in ZONE_FIELDS} for zone in load_zones(raw)]
        ),
    )
    con.execute("create or replace table ref.zone as select * from incoming")
    con.unregister("incoming")


def _load_catalogue(con: duckdb.DuckDBPyConnection, catalogue: Mapping[str, Form]) -> None:
    """The catalogue, to be queried: `ref.form`, its lines, columns, indicators and rules, and
    `ref.release_calendar`.
    """
    forms, indicators, lines, columns, rules = [], [], [], [], []
    for form in catalogue.values():
        words = {"title_zh": form.title.zh, "title_en": form.title.en}
        department = {"department_zh": form.department.zh, "department_en": form.department.en}
        forms.append(
            {
                "form": form.code,
                **words,
                **department,
                "kind": form.kind,
                "version": form.version,
                "due_quarters": list(form.due),
                "fingerprint": form.fingerprint,
            }
        )
        lines += _lines_of(form)
        for i in form.indicators:
            if i.of:
                continue
            by = i.department or form.department
            named = i.indicator_title or i.title
            indicators.append(
                {
                    "indicator": i.code, "form": form.code, "title_zh": named.zh, "title_en": named.en,
                    "unit": i.unit, "quoted_unit": i.quoted_unit, "quoted_decimals": i.quoted_decimals, "basis": i.basis,
                    "flow_type": i.flow_type, "price_basis": i.price_basis, "sector": i.sector, "headline": i.headline,
                    "is_required": i.required, "due_quarters": list(form.due_quarters(i)), "target_of": i.target_of,
                    "department_zh": by.zh, "department_en": by.en,
                }
            )  # fmt: skip
        columns += [
            {"form": form.code, "column_name": c.name, "title_zh": c.title.zh, "title_en": c.title.en, "type": c.type,
             "printed_unit": c.unit, "is_required": c.required, "is_key": c.name in form.key}
            for c in form.columns
        ]  # fmt: skip
        rules += [
            {"form": form.code, "code": c.code, "check_name": c.name, "stage": str(c.stage), "severity": str(c.severity),
             "title_zh": c.words.title.zh, "title_en": c.words.title.en, "good": c.good, "source": c.source}
            for c in (*checks_of(form), *(c.check for c in load_history_rules() if c.applies_to(form)))
        ]  # fmt: skip
    asked = {rule["code"] for rule in rules}
    rules += [  # what is found before rows are read is asked of every file
        {"form": "*", "code": code, "check_name": code, "stage": str(words.stage), "severity": str(words.severity),
         "title_zh": words.title.zh, "title_en": words.title.en, "good": "", "source": ""}
        for code, words in common_rules().items() if code not in asked
    ]  # fmt: skip
    due = [asdict(line) for line in list_due(catalogue)]
    tables = {
        "form": forms,
        "indicator": indicators,
        "form_line": lines,
        "form_column": columns,
        "rule": rules,
        "release_calendar": due,
    }
    for name, rows in tables.items():
        con.register("incoming", pa.Table.from_pylist(rows, _LINE if name == "form_line" else None))
        con.execute(f"create or replace table ref.{name} as select * from incoming")
        con.unregister("incoming")


# declared, for a catalogue in which no line is of an industry has the column all the same
_LINE = pa.schema([
    ("form", pa.string()), ("line", pa.string()), ("ord", pa.int32()), ("indicator", pa.string()), ("industry", pa.string()),
    ("within_industry", pa.string()), ("title_zh", pa.string()), ("title_en", pa.string()), ("is_required", pa.bool_()),
    ("due_quarters", pa.list_(pa.int64())),
])  # fmt: skip


def _lines_of(form: Form) -> list[dict[str, object]]:
    """A form's lines as they are printed, and the indicator and industry that each loads as."""
    industries = {i.code: i.industry for i in form.indicators}
    return [
        {
            "form": form.code, "line": i.code, "ord": number, "indicator": i.indicator, "industry": i.industry,
            "within_industry": industries.get(i.within or ""), "title_zh": i.title.zh, "title_en": i.title.en,
            "is_required": i.required, "due_quarters": list(form.due_quarters(i)),
        }
        for number, i in enumerate(form.indicators, start=1)
    ]  # fmt: skip


def _comment(con: duckdb.DuckDBPyConnection, relations: list[Relation]) -> None:
    """Words on every relation from its header, and on every column from `ref.column_title`."""
    tables = [open_relation(path) for path in sorted((SQL_DIR / "tables").glob("*.sql"))]
    said = [
        f"comment on {kind} {relation.name} is {quote(f'{relation.title_zh} | {relation.title_en}')}"
        for kind, named in (("view", relations), ("table", tables)) for relation in named
    ]  # fmt: skip
    named_by_catalogue = con.execute("""
        select 'core.' || f.form, f.title_zh || ' | ' || f.title_en from ref.form as f where f.kind = 'register'
        union all
        select 'ref.' || t.table_name, t.title_zh || ' | ' || t.title_en from ref.table_title as t
    """).fetchall()
    said += [f"comment on table {name} is {quote(words)}" for name, words in named_by_catalogue]
    # a register's own title for a column goes before the common one
    columns = con.execute("""
        select
            c.schema_name || '.' || c.table_name, c.column_name,
            coalesce(f.title_zh || ' | ' || f.title_en, t.title_zh || ' | ' || t.title_en)
        from duckdb_columns() as c
        left join ref.column_title as t on c.column_name = t.column_name
        left join ref.form_column as f on c.schema_name in ('core', 'staging') and c.table_name = f.form and c.column_name = f.column_name
        where not c.internal and c.database_name = current_database()
            and coalesce(f.title_zh, t.title_zh) is not null
            and c.schema_name in ('ref', 'ledger', 'core', 'quarantine', 'staging', 'derived', 'metrics', 'public')
    """).fetchall()
    said += [
        f'comment on column {relation_name}."{column}" is {quote(words)}'
        for relation_name, column, words in columns
    ]
    con.execute(";\n".join(said))  # one by one they take twice the time


def _audit(con: duckdb.DuckDBPyConnection) -> None:
    """Run `sql/checks/`: a row returned is a failure, and a run that has one is not published."""
    for path in sorted((SQL_DIR / "checks").glob("*.sql")):
        check = open_relation(path)
        try:
            failures = con.execute(check.sql).fetchmany(3)
        except duckdb.Error as error:
            raise BuildError(f"sql {check.name}: {error}") from error
        if failures:
            raise BuildError(f"{check.name}: {check.title_en} Not so for {failures}")
