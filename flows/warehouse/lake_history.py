"""What other offices have committed to a lake, for the rules that compare zones.

In: a lake as of one snapshot, the local warehouse, and the zones that a run's submissions are
compared with. Out, in the scratch database that the rules are asked in: `stood`, which else is the
local warehouse alone, with both together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from flows import SQL_DIR
from flows.warehouse.database import attach_published, has_column
from flows.warehouse.lake import (
    LAKE,
    LakeAddress,
    attach_lake,
    attach_lake_now,
    equip,
    lake_connection,
    lake_in_words,
)
from flows.warehouse.lake_parcels import REGISTER
from flows.warehouse.sql_text import one_of, quote

_OWN = "own"  # the local warehouse, attached
_SUBMISSION = "ledger.submission"
_MACROS = ("compares_zones", "period_year_earlier")


@dataclass(frozen=True)
class Beside:
    """A lake as a run sees it, and the files of the local warehouse that were judged before what
    they are compared with had come.
    """

    address: LakeAddress
    snapshot: int
    outrun: tuple[str, ...] = ()


def look_beside(address: LakeAddress, zones: pa.Table, forms: Collection[str]) -> Beside:
    """The lake as it is now, and what of the address' local warehouse it has outrun.

    `zones`: zone, kind, parent; `forms`: those whose figures are compared with other zones'. Raises
    WarehouseError where the lake cannot be used.
    """
    with lake_connection(address) as con:
        snapshot = attach_lake_now(con, address)
        attach_published(con, address.local, _OWN)
        if not _knows_snapshots(con):
            return Beside(address, snapshot)
        for name in _MACROS:
            con.execute((SQL_DIR / "macros" / f"{name}.sql").read_text(encoding="utf-8"))
        con.register("zone_here", zones)
        with lake_in_words(address):
            rows = con.execute(_outrun_sql(forms)).fetchall()
    return Beside(address, snapshot, tuple(file for (file,) in rows))


def _knows_snapshots(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether there is a local warehouse, and none of an earlier version: the run brings that up,
    and the next one asks.
    """
    there = con.execute(
        f"select 1 from duckdb_tables() where database_name = {quote(_OWN)} "
        "and schema_name = 'ledger' and table_name = 'run'"
    ).fetchone()
    return bool(there) and has_column(con, f"{_OWN}.ledger.run", "lake_snapshot")


def _outrun_sql(forms: Collection[str]) -> str:
    """The files that came into a lake later than a run looked, and could have been seen by what
    that run judged: each as the file that it makes outrun.
    """
    return f"""
        with own as (
            select
                coalesce(s.part_of, s.submission) as file,
                s.form, s.period, s.received_at, z.*,
                coalesce(r.lake_snapshot, -1) as seen_until
            from {_OWN}.ledger.submission as s
            inner join zone_here as z on s.zone = z.zone
            left join {_OWN}.ledger.run as r on s.run = r.run
            where s.form {one_of(forms)} and s.status <> 'rejected'
        ),
        come as (
            select s.form, s.period, s.received_at, z.*, r.snapshot_id as came_at
            from {LAKE}.ledger.submission as s
            inner join {LAKE}.{REGISTER} as r
                on r.kind = 'submission' and r.key = coalesce(s.part_of, s.submission)
            inner join zone_here as z on s.zone = z.zone
            anti join {_OWN}.ledger.submission as o on s.submission = o.submission
            where s.form {one_of(forms)} and s.status <> 'rejected'
                and r.snapshot_id > (select min(seen_until) from own)
        )
        select distinct o.file
        from own as o
        inner join come as c
            on
                o.form = c.form
                and c.period in (o.period, period_year_earlier(o.period))
                and compares_zones(o.zone, o.kind, o.parent, c.zone, c.kind)
                and c.came_at > o.seen_until
                and c.received_at <= o.received_at
        order by all
    """


def attach_both(
    con: duckdb.DuckDBPyConnection,
    beside: Beside,
    warehouse: Path | None,
    zones: Collection[str],
) -> None:
    """Make `stood`: the local warehouse, where it is given, and what other offices have committed
    of some `zones`.

    Its relations are views: what is asked of them decides which files of the lake are opened.
    Raises WarehouseError where the lake cannot be used.
    """
    equip(con, beside.address)
    attach_lake(con, beside.address, snapshot=beside.snapshot)
    attach_published(con, warehouse, _OWN)
    own = _relations_of(con, _OWN)
    con.execute("attach ':memory:' as stood")
    con.execute("create schema stood.ledger; create schema stood.core")
    with lake_in_words(beside.address):
        _bring_submissions(con, beside.address.office, zones, is_beside_own=bool(own))
        core = {r for r in _relations_of(con, LAKE) if r.startswith("core.")}
        for relation in sorted(own | core | {_SUBMISSION}):
            parts = [f"from {_OWN}.{relation}"] if relation in own else []
            if relation == _SUBMISSION:
                parts.append("from stood.ledger.brought")
            elif relation in core:
                parts.append(
                    f"select t.* from {LAKE}.{relation} as t "
                    "semi join stood.ledger.brought as b on t.submission = b.submission"
                )
            con.execute(f"create view stood.{relation} as {' union all by name '.join(parts)}")


def _relations_of(con: duckdb.DuckDBPyConnection, catalog: str) -> set[str]:
    """The relations of a warehouse that rules compare with: tables of a file, views of a lake."""
    rows = con.execute(f"""
        select name
        from (
            select database_name, schema_name || '.' || table_name as name from duckdb_tables()
            union all
            select database_name, schema_name || '.' || view_name from duckdb_views()
        )
        where database_name = {quote(catalog)}
            and (name like 'core.%' or name in ('{_SUBMISSION}', 'ledger.explanation'))
    """).fetchall()
    return {name for (name,) in rows}


def _bring_submissions(
    con: duckdb.DuckDBPyConnection, office: str, zones: Collection[str], *, is_beside_own: bool
) -> None:
    """`stood.ledger.brought`: the submissions that only other offices have, and when they were
    withdrawn.
    """
    own = f"anti join {_OWN}.{_SUBMISSION} as o on s.submission = o.submission"
    con.execute(f"""
        create table stood.ledger.brought as
        select s.*, w.withdrawn_at
        from {LAKE}.{_SUBMISSION} as s
        {own if is_beside_own else ""}
        anti join (
            select r.key from {LAKE}.{REGISTER} as r
            where r.kind = 'submission' and r.office = {quote(office)}
        ) as m on coalesce(s.part_of, s.submission) = m.key
        left join {LAKE}.ledger.withdrawal as w on s.submission = w.submission
        where s.zone {one_of(zones)}
    """)
