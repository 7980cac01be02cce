"""What a lake needs from time to time: small files made one, what nobody asks for any more removed.

It is done under the lock of committers, one step after the other; a commit that began before is
refused by its snapshot and begins anew. Afterwards the rows are counted against the register, for
compaction beside deletions has brought rows back in DuckLake; a lake deletes none.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.warehouse.database import fetch_rows
from flows.warehouse.lake import LAKE, LakeAddress, lake_in_words, open_lake
from flows.warehouse.lake_lock import committers_lock
from flows.warehouse.lake_parcels import CONTENT, REGISTER, STANDING, list_stored, stored_name
from flows.warehouse.sql_text import quote

KEEP_DAYS = 30  # of snapshots, for time travel
GRACE_DAYS = 1  # in which queries and commits that have begun end


@dataclass(frozen=True)
class Maintained:
    """What was done: numbers of files and snapshots, and what is wrong with the lake now."""

    merged: int
    expired: int
    removed: int
    discrepancies: list[str]

    def describe(self) -> str:
        """In words."""
        return (
            f"合并 {self.merged} 个文件，删去 {self.expired} 个快照、{self.removed} 个文件 · "
            f"merged {self.merged} files, removed {self.expired} snapshots and {self.removed} files"
        )


def maintain(
    address: LakeAddress,
    keep_days: int = KEEP_DAYS,
    grace_days: float = GRACE_DAYS,
    say: Callable[[str], None] = lambda _: None,
) -> Maintained:
    """Merge small files; remove snapshots older than `keep_days`, files that only they named or
    nobody does, and what killed committers staged, all of it older than `grace_days`.

    Raises WarehouseError where the lake cannot be used.
    """
    lake, past = quote(LAKE), "older_than => now() - interval '{} seconds'"
    grace = past.format(int(grace_days * 86400))
    with (
        committers_lock(address, say) as lock,
        lock(),
        open_lake(address, access="write") as con,
        lake_in_words(address),
    ):
        expired = con.execute(
            f"call ducklake_expire_snapshots({lake}, {past.format(keep_days * 86400)})"
        ).fetchall()
        merged = fetch_rows(con, f"call ducklake_merge_adjacent_files({lake})")
        removed = con.execute(f"call ducklake_cleanup_old_files({lake}, {grace})").fetchall()
        removed += con.execute(f"call ducklake_delete_orphaned_files({lake}, {grace})").fetchall()
        _remove_staged(address, grace_days)
        return Maintained(
            sum(row["files_processed"] for row in merged),
            len(expired),
            len(removed),
            find_discrepancies(con),
        )


def _remove_staged(address: LakeAddress, grace_days: float) -> None:
    """What committers that were killed left; on S3 a lifecycle rule of the bucket does it."""
    if address.is_local:
        for folder in Path(address.staging).glob("*"):
            if folder.stat().st_mtime < time.time() - grace_days * 86400:
                shutil.rmtree(folder, ignore_errors=True)


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
