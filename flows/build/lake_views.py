"""A lake is made ready once, before anybody commits to it, and again where forms or SQL change.

Its tables hold rows with the parcel that brought them; over these stand, by the names that the file
has, views of what is current; and over those the same files of `sql/` as in the file. What DuckLake
does not carry is left out: words on columns of views and on macros.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import duckdb

from flows.build.fingerprint import fingerprint
from flows.build.step import make_relations, open_all, order_relations
from flows.forms.form import Form
from flows.warehouse.database import SCHEMAS, read_only
from flows.warehouse.lake import LAKE, LakeAddress, lake_in_words, open_lake
from flows.warehouse.lake_lock import committers_lock
from flows.warehouse.lake_parcels import CONTENT, OFFICE, REGISTER, STAGED, STORE, stored_name
from flows.warehouse.sql_text import quote, quote_all

_MAKER = Path(__file__)
_BUILD = f"{STORE}.build"
_STORE_TABLES = f"""
    create table if not exists {REGISTER} (
        parcel varchar, kind varchar, key varchar, version varchar, sequence varchar,
        supersedes varchar, office varchar, program_version varchar, committed_at timestamp
    );
    create table if not exists {CONTENT} (parcel varchar, relation varchar, row_count bigint);
    create table if not exists {OFFICE} (office varchar, warehouse varchar, claimed_at timestamp)
"""


def prepare_lake(
    address: LakeAddress, layout: Path, catalogue: Mapping[str, Form], raw: Path | None
) -> bool:
    """Make a lake where there is none, and bring its tables and views up. Returns whether anything
    was to be done. `layout`: an empty warehouse, whose tables the lake's hold the rows of.

    Raises WarehouseError where it cannot be used, BuildError where the SQL does not build.
    """
    stored = _columns_of(layout)
    with committers_lock(address) as lock, lock(), open_lake(address, access="create") as con:
        made_of = fingerprint(catalogue, raw) + hashlib.sha256(_MAKER.read_bytes()).hexdigest()[:16]
        if _is_made_of(con, made_of):
            return False
        with lake_in_words(address):
            con.execute("begin")
            for schema in (*SCHEMAS, STORE):
                con.execute(f"create schema if not exists {schema}")
            con.execute(_STORE_TABLES)
            for relation, columns in stored.items():
                _store(con, relation, columns)
            relations = order_relations()
            make_relations(con, relations, catalogue, raw, over_views=True)
            for view in (*relations, *open_all("tables")):
                words = quote(f"{view.title_zh} | {view.title_en}")
                con.execute(f"comment on view {view.name} is {words}")
            con.execute(
                f"create or replace table {_BUILD} as select {quote(made_of)} as fingerprint"
            )
            con.execute("commit")
    return True


def _is_made_of(con: duckdb.DuckDBPyConnection, made_of: str) -> bool:
    there = con.execute(
        "select 1 from duckdb_tables() where schema_name || '.' || table_name = "
        f"{quote(_BUILD)} and database_name = {quote(LAKE)}"
    ).fetchone()
    return bool(there) and con.execute(f"from {_BUILD}").fetchone() == (made_of,)


def _columns_of(layout: Path) -> dict[str, dict[str, str]]:
    with read_only(layout) as con:  # beside a lake each of its views would be bound for this
        rows = con.execute(
            "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
            f"where schema_name in ({quote_all(STAGED)}) "
            "order by schema_name, table_name, column_index"
        ).fetchall()
    columns: dict[str, dict[str, str]] = {}
    for relation, column, kind in rows:
        columns.setdefault(relation, {})[column] = kind
    return columns


def _store(con: duckdb.DuckDBPyConnection, relation: str, columns: dict[str, str]) -> None:
    """The table of a relation's rows, with a column for what it has gained, and the view of what is
    current.
    """
    table = stored_name(relation)
    declared = [f'"{name}" {kind}' for name, kind in columns.items()]
    con.execute(f"create table if not exists {table} (parcel varchar, {', '.join(declared)})")
    there = {name for name, *_ in con.execute(f"describe {table}").fetchall()}
    for name, kind in columns.items():
        if name not in there:
            con.execute(f'alter table {table} add column "{name}" {kind}')
    shown = ", ".join(f't."{name}"' for name in columns)
    con.execute(
        f"create or replace view {relation} as select {shown} from {table} as t "
        f"anti join {REGISTER} as s on t.parcel = s.supersedes"
    )
