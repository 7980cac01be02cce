"""The lock of those who write to a lake: one at a time, for order."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import duckdb

from flows.model.errors import WarehouseError
from flows.warehouse.lake import LakeAddress, lake_connection, lake_in_words
from flows.warehouse.sql_text import quote

_POLL_S = 0.02


@contextlib.contextmanager
def committers_lock(
    address: LakeAddress, on_wait: Callable[[str], None] = lambda _: None, timeout_s: float = 600
) -> Iterator[Callable[[], contextlib.AbstractContextManager[None]]]:
    """What gives the lock of committers, one at a time, as often as it is called: an advisory lock
    of PostgreSQL, which a dead one's session gives up.

    It spares committers each other's way and does not guard the figures: the snapshot does. Raises
    WarehouseError after `timeout_s` seconds of waiting.
    """
    key = f"hashtext('jibao'), hashtext({quote(address.schema)})"
    ask = quote(f"select pg_try_advisory_xact_lock({key})")

    def is_free(session: duckdb.DuckDBPyConnection) -> bool:
        return session.execute(f"from postgres_query('catalogue', {ask})").fetchone() == (True,)

    with lake_connection(address) as session:
        with lake_in_words(address):
            session.execute(f"attach {quote(address.catalogue)} as catalogue (type postgres)")

        @contextlib.contextmanager
        def hold() -> Iterator[None]:
            until, is_told = time.monotonic() + timeout_s, False
            session.execute("begin")  # the lock ends with it
            try:
                while not is_free(session):
                    if time.monotonic() > until:
                        raise WarehouseError(
                            f"{address} 正由别人写入，已等待 {timeout_s:g} 秒；请稍后再运行 · "
                            f"{address} is being written by others for more than {timeout_s:g} s; "
                            "run again later"
                        )
                    if not is_told:
                        on_wait(f"等待其他写入者 · waiting for others who write to {address}")
                        is_told = True
                    time.sleep(_POLL_S)
                yield
            finally:
                session.execute("rollback")

        yield hold
