"""What was judged goes into the run's own copy of the warehouse, in one transaction a form.

A form's folder, as `validate` left it, becomes rows in `core`, `ledger` and `quarantine`. `core` is
append-only: a revision is added beside what it supersedes. A submission already judged by the same
declaration is left as it is, so that a retry changes nothing; one judged again (its form's
declaration has changed, and it was rejected or partial before; or a lake has brought what it is
compared with) replaces only its own rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa

from flows import SQL_DIR
from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.clock import as_utc, now_in_utc
from flows.model.submission import Reading, Submission, open_batch
from flows.read.explanations import tabulate_explanations
from flows.validate.cast_sql import SQL_TYPES
from flows.warehouse.database import create_schemas, write_to
from flows.warehouse.sql_text import one_of
from flows.warehouse.version import SCHEMA, migrate, refuse_newer

_COLUMN = re.compile(r'^    ("?\w+"?) ([^\n]+?),?$', re.M)
_OF_SUBMISSION = (
    "ledger.submission",
    "ledger.block",
    "ledger.finding",
    "ledger.result",
    "ledger.explanation",
    "quarantine.held_row",
)


def prepare(run_file: Path, catalogue: Mapping[str, Form]) -> str:
    """Make the tables that are not there yet: those of `sql/tables/`, and one for each register
    form; bring up those of an earlier version. Returns what was brought up, in words, or nothing.
    """
    with write_to(run_file) as con:
        schema, program = refuse_newer(con, run_file)
        create_schemas(con)
        for path in sorted((SQL_DIR / "tables").glob("*.sql")):
            _prepare_table(con, path.stem, path.read_text(encoding="utf-8"))
        for form in catalogue.values():
            if form.kind == "register":
                _prepare_register(con, form)
        if schema == SCHEMA:
            return ""
        migrate(con, schema)
    return (
        f"the warehouse of an earlier version (schema {schema}, jibao {program or '0.1 or 0.2'}) "
        f"was brought up to schema {SCHEMA} in the run's own copy 由较早版本升级"
    )


def _prepare_table(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    con.execute(sql)
    existing = {
        column
        for (column,) in con.execute("select column_name from (describe " + name + ")").fetchall()
    }
    for column, kind in _COLUMN.findall(sql):
        if column.strip('"') not in existing:  # the table gained it since it was made
            con.execute(f"alter table {name} add column {column} {kind}")


def _prepare_register(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    columns = [f'"{c.name}" {SQL_TYPES[c.type]}' for c in form.columns]
    con.execute(
        f"create table if not exists core.{form.code} (zone varchar, period varchar, "
        f"{', '.join(columns)}, submission varchar, sheet varchar, source_row integer)"
    )
    for column in columns:  # a column that the form gained since the table was made
        con.execute(f"alter table core.{form.code} add column if not exists {column}")


def load_form(
    form: Form | None, folder: Path, run_file: Path, run: str, again: Collection[str] = ()
) -> dict[str, int]:
    """Load what `folder` holds; None for the files that belong to no form. Files judged `again`
    replace what they were before, though their declaration is the same. Returns submissions by
    status.
    """
    submissions = open_batch(folder)
    with write_to(run_file) as con:
        con.register("arrived", _list_submissions(submissions, form, run))
        con.register("judged", open_table(folder / "judged.arrow"))
        con.execute(f"""
            create temp table fresh as
            select a.* replace (nullif(a.part_of, '') as part_of), j.* exclude (submission)
            from arrived as a inner join judged as j on a.submission = j.submission
            where coalesce(nullif(a.part_of, ''), a.submission) {one_of(again)}
                or not exists (
                    select 1 from ledger.submission as s
                    where s.submission = a.submission and s.form_fingerprint = a.form_fingerprint
                )
        """)
        targets = [*_OF_SUBMISSION, *([_table_of(form)] if form else _core_tables(con))]
        # of a file that is judged again, also the quarters that it no longer brings
        con.execute("""
            create temp table replaced as
            select f.submission from fresh as f
            semi join ledger.submission as s on f.submission = s.submission
            union
            select s.submission
            from ledger.submission as s
            anti join arrived as a on s.submission = a.submission
            semi join fresh as f
                on coalesce(s.part_of, s.submission) = coalesce(f.part_of, f.submission)
        """)
        con.execute("""
            create temp table kept as
            select a.submission from arrived as a
            anti join fresh as f on a.submission = f.submission
        """)
        is_any_replaced = con.execute("from replaced limit 1").fetchone()
        for table in targets if is_any_replaced else ():  # each reads the whole table
            con.execute(
                f"delete from {table} where submission in (select r.submission from replaced as r)"
            )
        con.execute("insert into ledger.submission by name select * from fresh")
        _insert(con, "ledger.finding", folder / "finding.arrow")
        if form:
            _insert(con, _table_of(form), folder / "accepted.arrow")
            _insert(con, "ledger.result", folder / "result.arrow")
            _insert_held(con, folder / "held.arrow")
            reading = Reading.open(folder)
            _insert_blocks(con, reading)
            _insert_explanations(con, reading)
        counts = con.execute("select status, count(*) from fresh group by all").fetchall()
        con.execute("drop table fresh")
        con.execute("drop table kept")
        con.execute("drop table replaced")
    return dict(counts)


def _core_tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Every table of `core`: a file that has lost its place (its zone is no longer listed) takes
    its rows with it, of whatever form they were.
    """
    rows = con.execute("select table_name from duckdb_tables() where schema_name = 'core'")
    return [f"core.{name}" for (name,) in rows.fetchall()]


def _table_of(form: Form) -> str:
    return f"core.{form.code}" if form.kind == "register" else "core.observation"


def _list_submissions(submissions: list[Submission], form: Form | None, run: str) -> pa.Table:
    """What `ledger.submission` says of each file, before what was judged is joined to it."""
    now = as_utc(now_in_utc())
    return pa.Table.from_pylist(
        [
            {
                "submission": s.submission,
                "path": s.path,
                "form": s.form,
                "zone": s.zone,
                "period": s.period,
                "revision": s.revision,
                "sha256": s.sha256,
                "bytes": s.bytes,
                "sender": s.sender,
                "received_at": as_utc(s.received_at),
                "replacement": s.replacement,
                "part_of": s.part_of,
                "loaded_at": now,
                "form_version": form.version if form else None,
                "form_fingerprint": s.fingerprint,
                "run": run,
            }
            for s in submissions
        ]
    )


def _insert(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """Append the rows of fresh submissions, columns matched by name."""
    con.register("incoming", open_table(path))
    _insert_incoming(con, table)


def _insert_incoming(con: duckdb.DuckDBPyConnection, table: str) -> None:
    # a semi join with `fresh` would filter the Arrow table by pyarrow, which copies it
    con.execute(
        f"insert into {table} by name select i.* from incoming as i "
        "anti join kept as k on i.submission = k.submission"
    )


def _insert_held(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.register("incoming", open_table(path))
    con.execute(
        "insert into quarantine.held_row by name select i.*, f.path "
        "from incoming as i inner join fresh as f on i.submission = f.submission"
    )


def _insert_explanations(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    con.register("given", tabulate_explanations(reading.explanations))
    con.execute("""
        insert into ledger.explanation by name
        select g.* exclude (given_at), f.received_at as given_at, f.run
        from given as g inner join fresh as f on g.submission = f.submission
    """)


def _insert_blocks(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    # blocks are numbered within their submission, whatever else the run reads
    first: dict[str, int] = {}
    for block in reading.blocks:
        first.setdefault(block.submission, block.block)
    blocks = [
        {
            "submission": b.submission,
            "block": b.block - first[b.submission],
            "sheet": b.sheet,
            "layout": b.layout,
            "first_header_row": b.first_header_row,
            "header_row": b.header_row,
            "period_column": b.period_column,
            "common_unit": b.unit,
            "unit_from": b.unit_from,
            "headings": json.dumps(
                {name: asdict(heading) for name, heading in b.headings.items()}, ensure_ascii=False
            ),
            "rows_read": b.rows,
            "encoding": b.encoding,
            "delimiter": b.delimiter,
            "unit_line": b.unit_line,
            "notes": list(b.notes),
            "understood": json.dumps(b.understood, ensure_ascii=False),
        }
        for b in reading.blocks
    ]
    if blocks:
        con.register("incoming", pa.Table.from_pylist(blocks))
        _insert_incoming(con, "ledger.block")
