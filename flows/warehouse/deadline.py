"""A query ends at once where its time is up or a signal meets it.

`deadline` limits the queries of one connection. `interruptible` makes Ctrl-C and Prefect's timeout
end them. Why the second needs a signal handler of its own, and what happens without it, is measured
in `docs/decisions/0015-a-query-ends-when-its-time-is-up.md`.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import duckdb

# Ctrl-C, and Prefect's timeout. Not SIGTERM: Prefect takes a run for cancelled only where its own
# handler is in place
_SIGNALS = (signal.SIGINT, signal.SIGALRM)
_AGAIN_S = 0.05  # an interrupt that comes between two queries has no effect


@contextlib.contextmanager
def deadline(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Run the queries inside for at most `seconds`. Raises TimeoutError where that is too short."""
    over, too_long = threading.Event(), threading.Event()

    def end_queries() -> None:
        wait = max(seconds, 0.0)
        while not over.wait(wait):
            too_long.set()
            connection.interrupt()
            wait = _AGAIN_S

    timer = threading.Thread(target=end_queries, daemon=True)
    timer.start()
    try:
        yield
    except duckdb.Error as error:
        # an interrupt between two fetches comes out as an error of another class
        if not too_long.is_set() or "INTERRUPT" not in str(error):
            raise
        raise TimeoutError(
            f"查询超过 {seconds:g} 秒 · a query took longer than {seconds:g} s"
        ) from error
    finally:
        over.set()
        timer.join()


@contextlib.contextmanager
def interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let a signal end the query that it meets, in all of DuckDB's threads.

    What the signal's handler raises comes out as it is: DuckDB makes a RuntimeError of it.
    """
    with _interrupted_by_signals(connection):
        try:
            yield
        except RuntimeError as error:
            if str(error) == "Query interrupted" and error.__cause__:
                raise error.__cause__ from None
            raise


@contextlib.contextmanager
def _interrupted_by_signals(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Signals interrupt the connection first, and are handled as before then."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python handles signals in the main thread alone
        return
    before = {n: handler for n in _SIGNALS if callable(handler := signal.getsignal(n))}

    def handle(number: int, frame: FrameType | None) -> None:
        connection.interrupt()
        before[signal.Signals(number)](number, frame)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
