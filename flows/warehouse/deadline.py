"""Noun: an interrupt. A timeout or Ctrl-C ends what DuckDB is at, and comes out as what it is.

In: the connections that are open, the signals. Out: queries that stop at once, and the exception
    that the signal meant.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import duckdb

# Prefect's timeout; Ctrl-C. Not SIGTERM: Prefect takes a run for cancelled only where its own
# handler is in place
_SIGNALS = (signal.SIGALRM, signal.SIGINT)

_watched: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()


def watch(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection, whose queries an interrupt stops from now on."""
    _watched.add(connection)
    return connection


@contextlib.contextmanager
def bare_interrupts() -> Iterator[None]:
    """A timeout or Ctrl-C stops the query it meets, and comes out as what it is and not as the
    error
    it was made into on its way.

    DuckDB makes “Query interrupted” of one that meets a query, and Prefect “Task run is not set” of
    one between two tasks.
    """
    with _stopping_queries():
        try:
            yield
        except TimeoutError:  # says what it is
            raise
        except Exception as fault:
            seen: list[BaseException] = []  # a chain may lead back to itself
            link: BaseException | None = fault
            while link and link not in seen:
                if not isinstance(
                    link, Exception
                ):  # Prefect's timeout and its end of a cancelled run, KeyboardInterrupt, SystemExit
                    raise link from None
                seen.append(link)
                link = link.__cause__ or link.__context__
            raise


@contextlib.contextmanager
def _stopping_queries() -> Iterator[None]:
    """Who handles a signal does so as before, once the queries were told.

    DuckDB hears of a signal in the thread that asks, and then waits for the others, each of which
    brings its part of the plan to an end first: with two threads, a query could outlive its timeout
    by hours.
    """
    if (
        threading.current_thread() is not threading.main_thread()
    ):  # where Python lets nobody handle signals
        yield
        return
    before = {
        number: handler for number in _SIGNALS if callable(handler := signal.getsignal(number))
    }
    for number, handler in before.items():
        signal.signal(number, _tell_queries_then(handler))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_queries_then(
    handler: Callable[[int, FrameType | None], Any],
) -> Callable[[int, FrameType | None], Any]:
    def handle(number: int, frame: FrameType | None) -> Any:
        for connection in list(_watched):
            with contextlib.suppress(duckdb.Error):  # closed by now
                connection.interrupt()
        return handler(number, frame)

    return handle
