"""What a warehouse has loaded is committed to a lake, by any number of committers at once.

A transaction takes a batch of parcels whole, in all tables and the register, or nothing of it. It
begins from a snapshot and is refused where another has been committed since; then what stands is
read anew. So nothing can be lost or doubled, whoever dies and whoever runs twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

import duckdb

from flows.model.errors import WarehouseError
from flows.warehouse.damage import no_warehouse
from flows.warehouse.database import attach_published, published_path
from flows.warehouse.lake import (
    LAKE,
    LakeAddress,
    attach_lake,
    current_snapshot,
    lake_connection,
    lake_in_words,
)
from flows.warehouse.lake_lock import committers_lock
from flows.warehouse.lake_office import claim, identify
from flows.warehouse.lake_parcels import (
    CONTENT,
    REGISTER,
    STANDING,
    Batch,
    list_missing,
    stage,
    stored_name,
)
from flows.warehouse.sql_text import quote, quote_all
from flows.warehouse.version import PROGRAM

T = TypeVar("T")

PARCELS_A_COMMIT = 500
_ROUNDS = 5  # of looking for what is missing; more are needed where others commit the same


def commit_published(
    address: LakeAddress,
    *,
    parcels_a_commit: int = PARCELS_A_COMMIT,
    take_over: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[int, int]:
    """Commit what the lake lacks of the address' local warehouse. Returns parcels and commits.

    `take_over`: the office's earlier warehouse is no more, and this one has its place. Raises
    WarehouseError where there is no warehouse, the office has another one, or the lake cannot be
    used.
    """
    warehouse, office = address.local, address.office
    if not published_path(warehouse).exists():
        raise WarehouseError(no_warehouse(published_path(warehouse)))
    parcels = commits = 0
    with committers_lock(address, say) as lock, lake_connection(address) as con:
        attach_published(con, warehouse)
        attach_lake(con, address, access="write")
        with lake_in_words(address):
            with lock():
                identity = identify(warehouse)
                transact(con, lambda: claim(con, address, identity, take_over=take_over))
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


def say_committed(parcels: int, commits: int) -> str:
    """What was committed, in words."""
    return f"提交 {parcels} 包，{commits} 次 · {parcels} parcels in {commits} commits"


def commit(con: duckdb.DuckDBPyConnection, batch: Batch, office: str) -> int:
    """One transaction: the parcels of a batch that are still wanted. Returns how many."""

    def admit_and_insert() -> int:
        taken = _admit(con, batch)
        if taken:
            _insert(con, batch, taken, office)
        return len(taken)

    return transact(con, admit_and_insert)


def transact(con: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """What `work` returns, in a transaction of its own, begun anew where another one was committed
    since it began.
    """
    while True:
        before = current_snapshot(con)
        try:
            con.execute("begin")
            result = work()
            con.execute("commit")
        except Exception as error:
            with contextlib.suppress(duckdb.Error):  # a commit that failed has ended it
                con.execute("rollback")
            if not isinstance(error, duckdb.Error) or current_snapshot(con) == before:
                raise
        else:
            return result


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
