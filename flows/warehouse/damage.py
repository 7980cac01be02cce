"""A warehouse's file that DuckDB cannot read: what is wrong with it, and the way out, in words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.model.errors import WarehouseError
from flows.warehouse.version import newer_in_words

# what DuckDB raises of a file that is cut short, overwritten or damaged on the disk
_UNREADABLE = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.InternalException,
    duckdb.FatalException,
)


@contextlib.contextmanager
def damage_in_words(path: Path) -> Iterator[None]:
    """Raises WarehouseError, with the way out, where DuckDB cannot read the file at `path`."""
    try:
        yield
    except _UNREADABLE as error:
        message = str(error).splitlines()[0]
        if "lock on file" in message:
            raise WarehouseError(
                f"数据仓库 {path} 正被别的程序以写方式打开，请先关闭它 · "
                f"{path} is open for writing in another program; close that first ({message})"
            ) from error
        if "can only read versions" in message:  # DuckDB's own, of a file that is whole
            raise newer_in_words(path, message) from error
        raise WarehouseError(
            f"数据仓库 {path} 已损坏，请用 jibao run --rebuild 由 raw/ 重建 · "
            f"{path} is damaged; `jibao run --rebuild` makes it anew from raw/ ({message})"
        ) from error


def no_warehouse(path: Path) -> str:
    """That there is none yet, and what makes one, in words."""
    return (
        f"还没有数据仓库 {path}，请先运行 jibao run · "
        f"there is no warehouse at {path} yet; run `jibao run` first"
    )
