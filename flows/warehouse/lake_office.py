"""Which warehouse is an office's.

What an office's warehouse no longer has leaves the lake's views; another warehouse under the same
name would so empty the first. A warehouse has an identity, made when it is first committed, and the
lake takes an office's parcels from one alone.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import duckdb

from flows.model.errors import WarehouseError
from flows.model.whole_file import write_whole
from flows.warehouse.lake import LAKE, LakeAddress
from flows.warehouse.lake_parcels import OFFICE
from flows.warehouse.sql_text import quote

_FILE = "identity"


def identify(warehouse: Path) -> str:
    """The identity of a warehouse, kept in its folder: rebuilding or moving it leaves it what it
    was. Made where there is none, by one at a time: under the lock of committers.
    """
    place = warehouse / _FILE
    if not place.exists():
        write_whole(place, f"{uuid.uuid4()}\n".encode())
    return place.read_text(encoding="ascii").strip()


def claim(
    con: duckdb.DuckDBPyConnection, address: LakeAddress, identity: str, *, take_over: bool
) -> None:
    """Within a transaction: the warehouse is the office's from now on. Raises WarehouseError where
    the office has another one that it does not `take_over`.
    """
    holder = con.execute(f"""
        select arg_max(c.warehouse, c.claimed_at) from {LAKE}.{OFFICE} as c
        where c.office = {quote(address.office)}
        having count(*) > 0
    """).fetchone()
    if holder == (identity,):
        return
    if holder and not take_over:
        raise WarehouseError(
            f"{address} 中“{address.office}”是另一个数据仓库（{holder[0]}）的名称；请在地址中用 "
            f"&office=… 另取名称；如原仓库已不再使用，请运行 jibao lake commit --take-over · in "
            f'{address} "{address.office}" is the name of another warehouse ({holder[0]}) than '
            f"{address.local} ({identity}); give another name as &office=… in the address, or run "
            "`jibao lake commit --take-over` where that warehouse is no more"
        )
    con.execute(f"""
        insert into {LAKE}.{OFFICE} by name select
            {quote(address.office)} as office,
            {quote(identity)} as warehouse,
            now() at time zone 'UTC' as claimed_at
    """)
