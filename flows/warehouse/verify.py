"""A warehouse held against itself: counts, keys, the checks of `sql/checks/`, and every view."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from flows import SQL_DIR
from flows.model.discrepancy import Discrepancy
from flows.warehouse.sql_file import open_relation

_KEYS = {
    "ledger.submission": "submission",
    "ledger.run": "run",
    "ledger.edition": "edition",
    "ledger.accepted_revision": "submission, accepted_at",
    "ledger.withdrawn_acceptance": "submission, accepted_at",
    "ledger.withdrawal": "submission",
    "core.observation": "submission, zone, period, indicator, industry, basis",
    "staging.current_submission": "form, zone, period",
}


def verify_database(con: duckdb.DuckDBPyConnection) -> list[Discrepancy]:
    """What does not agree within a warehouse."""
    return [
        *_check_counts(con),
        *_check_keys(con),
        *_check_audits(con),
        *_check_views(con),
    ]


def _core_tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute("""
        select schema_name || '.' || table_name from duckdb_tables()
        where schema_name = 'core' order by all
    """)
    return [name for (name,) in rows.fetchall()]


def _check_counts(con: duckdb.DuckDBPyConnection) -> Iterator[Discrepancy]:
    """The rows that the ledger says were loaded and held are there, and no others."""
    loaded = " union all ".join(f"select submission from {name}" for name in _core_tables(con))
    rows = con.execute(f"""
        with loaded as (select submission, count(*) as rows_there from ({loaded}) group by all),
        held as (
            select submission, count(distinct (sheet, row)) as rows_there
            from quarantine.held_row group by all
        )
        select coalesce(s.path, l.submission, h.submission), coalesce(s.rows_accepted, 0),
            coalesce(l.rows_there, 0), coalesce(s.rows_held, 0), coalesce(h.rows_there, 0)
        from ledger.submission as s
        full join loaded as l on s.submission = l.submission
        full join held as h on coalesce(s.submission, l.submission) = h.submission
        order by all
    """).fetchall()
    for subject, accepted, there, held, kept in rows:
        if accepted != there:
            yield Discrepancy(
                "rows",
                subject,
                f"登记簿记入库 {accepted} 行，实有 {there} 行",
                f"the ledger says {accepted} rows were loaded, {there} are there",
            )
        if held != kept:
            yield Discrepancy(
                "rows",
                subject,
                f"登记簿记扣留 {held} 行，实有 {kept} 行",
                f"the ledger says {held} rows are held, {kept} are there",
            )


def _check_keys(con: duckdb.DuckDBPyConnection) -> Iterator[Discrepancy]:
    for name, key in _KEYS.items():
        try:
            rows = con.execute(
                f"select {key} from {name} group by {key} having count(*) > 1 limit 3"
            ).fetchall()
        except duckdb.CatalogException:  # of an earlier version
            yield Discrepancy("keys", name, "没有这个表", "there is no such table")
            continue
        if rows:
            yield Discrepancy(
                "keys", name, f"主键（{key}）重复：{rows}", f"its key ({key}) is not unique: {rows}"
            )


def _check_audits(con: duckdb.DuckDBPyConnection) -> Iterator[Discrepancy]:
    for path in sorted((SQL_DIR / "checks").glob("*.sql")):
        check = open_relation(path)
        try:
            rows = con.execute(check.sql).fetchmany(3)
        except duckdb.Error as error:
            yield Discrepancy(
                "checks", check.name, f"不能查询：{error}", f"cannot be asked: {error}"
            )
            continue
        if rows:
            yield Discrepancy(
                "checks",
                check.name,
                f"{check.title_zh} 不成立：{rows}",
                f"{check.title_en} Not so for {rows}",
            )


def _check_views(con: duckdb.DuckDBPyConnection) -> Iterator[Discrepancy]:
    rows = con.execute("""
        select schema_name || '.' || view_name from duckdb_views()
        where not internal and database_name = current_database() order by all
    """)
    there = [name for (name,) in rows.fetchall()]
    layers = ("staging", "metrics", "public")
    asked = {f"{layer}.{p.stem}" for layer in layers for p in (SQL_DIR / layer).glob("*.sql")}
    for name in sorted(asked - set(there)):
        yield Discrepancy("views", name, "没有这个视图", "there is no such view")
    for name in there:
        try:
            con.execute(f"select * from {name}").fetchone()
        except duckdb.Error as error:
            yield Discrepancy("views", name, f"不能查询：{error}", f"cannot be selected: {error}")
