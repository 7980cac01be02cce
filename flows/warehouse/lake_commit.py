"""What a warehouse has loaded is committed to a lake, by any number of committers at once.

A transaction takes a batch of parcels whole, in all tables and the register, or nothing of it. It
begins from a snapshot and is refused where another has been committed since; then what stands is
read anew. So nothing can be lost or doubled, whoever dies and whoever runs twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import duckdb

from flows.model.errors import WarehouseError
from flows.warehouse.damage import no_warehouse
from flows.warehouse.database import attach_published, fetch_rows, published_path
from flows.warehouse.lake import (
    LAKE,
    LakeAddress,
    attach_lake,
    committers_lock,
    lake_connection,
    lake_in_words,
)
from flows.warehouse.lake_parcels import (
    CONTENT,
    REGISTER,
    STANDING,
    Batch,
    list_missing,
    list_stored,
    stage,
    stored_name,
)
from flows.warehouse.sql_text import quote, quote_all
from flows.warehouse.version import PROGRAM

PARCELS_A_COMMIT = 500
_ROUNDS = 5  # of looking for what is missing; more are needed where others commit the same


def commit_published(
    address: LakeAddress,
    warehouse: Path,
    office: str,
    *,
    parcels_a_commit: int = PARCELS_A_COMMIT,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[int, int]:
    """Commit what the lake lacks of a published warehouse. Returns parcels and commits.

    Raises WarehouseError where there is no warehouse, or the lake cannot be used.
    """
    if not published_path(warehouse).exists():
        raise WarehouseError(no_warehouse(published_path(warehouse)))
    parcels = commits = 0
    with committers_lock(address, say) as lock, lake_connection(address) as con:
        attach_published(con, warehouse)
        attach_lake(con, address, access="write")
        with lake_in_words(address):
            for _ in range(_ROUNDS):
                missing = list_missing(con, office)
                if not missing:
                    break
                for start in range(0, len(missing), parcels_a_commit):
                    batch = stage(con, address, missing[start : start + parcels_a_commit])
                    try:
                        with lock():
                            taken = commit(con, batch, office)
                    finally:
                        batch.remove()
                    parcels, commits = parcels + taken, commits + bool(taken)
    return parcels, commits


def commit(con: duckdb.DuckDBPyConnection, batch: Batch, office: str) -> int:
    """One transaction: the parcels of a batch that are still wanted. Returns how many."""
    while True:
        before = _snapshot(con)
        try:
            con.execute("begin")
            taken = _admit(con, batch)
            if taken:
                _insert(con, batch, taken, office)
            con.execute("commit")
        except duckdb.Error:
            with contextlib.suppress(duckdb.Error):  # a commit that failed has ended it
                con.execute("rollback")
            if _snapshot(con) == before:
                raise
        else:
            return len(taken)


def _snapshot(con: duckdb.DuckDBPyConnection) -> int:
    [(number,)] = con.execute(f"from ducklake_current_snapshot({quote(LAKE)})").fetchall()
    return int(number)


def _admit(con: duckdb.DuckDBPyConnection, batch: Batch) -> set[str]:
    """The parcels whose key is, at this snapshot, as it was when they were put together."""
    keys = quote_all(str(p["key"]) for p in batch.parcels)
    standing = {
        (kind, key): parcel
        for kind, key, parcel in con.execute(f"""
            select r.kind, r.key, r.parcel from ({STANDING}) as r where r.key in ({keys})
        """).fetchall()
    }
    return {
        str(p["parcel"])
        for p in batch.parcels
        if standing.get((p["kind"], p["key"])) == p["supersedes"]
    }


def _insert(con: duckdb.DuckDBPyConnection, batch: Batch, taken: set[str], office: str) -> None:
    wanted = f"parcel in ({quote_all(taken)})"
    for relation, file in batch.files.items():
        rows = f"from read_parquet({quote(file)}) where {wanted}"
        try:
            con.execute(f"insert into {LAKE}.{stored_name(relation)} by name {rows}")
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"湖仓中的 {relation} 与本程序不同，请先运行 jibao lake init · {relation} of the "
                f"lake is not as this program has it; run `jibao lake init ADDRESS` first ({error})"
            ) from error
        con.execute(
            f"insert into {LAKE}.{CONTENT} by name "
            f"select parcel, {quote(relation)} as relation, count(*) as row_count {rows} "
            "group by all"
        )
    lines = ", ".join(
        "("
        + ", ".join(
            "null" if p[name] is None else quote(str(p[name]))
            for name in ("parcel", "kind", "key", "version", "sequence", "supersedes")
        )
        + ")"
        for p in batch.parcels
        if p["parcel"] in taken
    )
    con.execute(f"""
        insert into {LAKE}.{REGISTER} by name
        select
            v.*,
            {quote(office)} as office,
            {quote(PROGRAM)} as program_version,
            now() at time zone 'UTC' as committed_at,
        from (values {lines}) as v (parcel, kind, key, version, sequence, supersedes)
    """)


def find_discrepancies(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Where the rows of a lake, attached to `con`, are not those that its register names.

    Empty where nothing is lost, doubled, or back although it was removed.
    """
    told = []
    for relation in list_stored(con):
        told += [
            f"{relation}: parcel {row['parcel']}: {row['found']} rows, "
            f"registered {row['registered']}"
            for row in fetch_rows(
                con,
                f"""
                with there as (
                    select parcel, count(*) as found
                    from {LAKE}.{stored_name(relation)}
                    group by all
                ),
                named as (
                    select c.parcel, sum(c.row_count)::bigint as registered
                    from {LAKE}.{CONTENT} as c
                    semi join {LAKE}.{REGISTER} as r on c.parcel = r.parcel
                    where c.relation = {quote(relation)}
                    group by all
                )
                select
                    coalesce(t.parcel, n.parcel) as parcel,
                    coalesce(t.found, 0) as found,
                    coalesce(n.registered, 0) as registered,
                from there as t
                full join named as n on t.parcel = n.parcel
                where t.found is distinct from n.registered
                order by all
                """,
            )
        ]
    doubled = con.execute(f"""
        select r.kind, r.key, count(*) from ({STANDING}) as r group by all having count(*) > 1
    """).fetchall()
    return told + [f"{kind} {key}: {count} parcels stand" for kind, key, count in doubled]
