"""Great Expectations confirms in a process of its own, while the run goes on.

To import it takes seconds, and nobody needs its answer before the run is published. `ask` hands a
suite over, `await_verdicts` waits for all of them and raises what the first of them raised. Where
nobody has opened a process for the folder, `ask` is answered at once.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pebble import ProcessFuture, ProcessPool

from flows.validate.checks import Check


@dataclass(frozen=True)
class _Beside:
    """The process that confirms beside a run, and what it was asked."""

    pool: ProcessPool
    asked: list[ProcessFuture[None]]


_BESIDE: dict[Path, _Beside] = {}  # by the folder of the suites and results


@contextlib.contextmanager
def confirming(store: Path) -> Iterator[None]:
    """Confirm what is asked about `store` in a process of its own, until the block ends.

    A process that has imported Great Expectations already, or whose parent has, needs no other.
    """
    if "great_expectations" in sys.modules:
        yield
        return
    # forked off by the server that forks the readers: it has none of our threads
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPool(max_workers=1, initializer=_leave_interrupts, context=context)
    _BESIDE[store] = _Beside(pool, [pool.schedule(_import_judge, args=(store,))])
    try:
        yield
    finally:
        del _BESIDE[store]
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def ask(
    store: Path,
    name: str,
    checks: Sequence[Check],
    outcomes: pa.Table,
    counts: dict[str, tuple[int, int]],
) -> None:
    """Have the suite `name` judged, as `expectations.judge` says. Raises DisagreementError, now or
    from `await_verdicts`.
    """
    asked = (store, name, list(checks), outcomes, counts)
    if beside := _BESIDE.get(store):
        beside.asked.append(beside.pool.schedule(_judge, args=asked))
    else:
        _judge(*asked)


def begin_pages(store: Path) -> None:
    """Begin the pages about all that was asked, where they can be written beside the run."""
    if beside := _BESIDE.get(store):
        beside.asked.append(beside.pool.schedule(_write_pages, args=(store,)))


def await_verdicts(store: Path) -> None:
    """Wait until all that was asked is answered. Raises the DisagreementError of the first."""
    if beside := _BESIDE.get(store):
        for future in beside.asked:
            future.result()


def put_pages(store: Path, docs: Path) -> None:
    """Put the pages about the run in the place of those about an earlier one."""
    if not _pages(store).exists():
        _write_pages(store)
    if not _pages(store).exists():  # nothing was judged
        return
    shutil.rmtree(docs, ignore_errors=True)
    os.replace(_pages(store), docs)


def _pages(store: Path) -> Path:
    return store.with_name("data_docs")


def _import_judge(store: Path) -> None:
    from flows.validate.expectations import open_context

    open_context(store)


def _judge(
    store: Path,
    name: str,
    checks: list[Check],
    outcomes: pa.Table,
    counts: dict[str, tuple[int, int]],
) -> None:
    from flows.validate.expectations import judge, open_context

    judge(open_context(store), name, checks, outcomes, counts)


def _write_pages(store: Path) -> None:
    from flows.validate.expectations import write_data_docs

    write_data_docs(store, _pages(store))


def _leave_interrupts() -> None:
    """Runs as the process starts: Ctrl-C is for the run, which stops it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
