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
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.model.errors import DisagreementError
from flows.validate.checks import Check
from flows.warehouse.child import end_with_parent

_PATIENCE_S = 10.0  # for the process to end


@dataclass(frozen=True)
class _Beside:
    """The process that confirms beside a run, the thread that talks with it, and what it was
    asked.
    """

    process: BaseProcess
    ours: Connection
    thread: ThreadPoolExecutor
    asked: list[Future[None]]

    def call(self, work: Callable[..., None], *given: Any) -> None:
        """Have something done, after what was asked before."""
        self.asked.append(self.thread.submit(self._talk, work, given))

    def _talk(self, work: Callable[..., None], given: tuple[Any, ...]) -> None:
        self.ours.send((work, given))
        problem = self.ours.recv()  # EOFError where the process has died
        if problem is not None:
            raise problem

    def end(self) -> None:
        """End the process, whatever it is at."""
        if all(future.done() for future in self.asked):
            self.ours.close()
        else:
            self.process.terminate()
        self.thread.shutdown(cancel_futures=True)
        self.process.join(_PATIENCE_S)
        if self.process.is_alive():
            self.process.kill()


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
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    _BESIDE[store] = beside = _Beside(process, ours, ThreadPoolExecutor(1), [])
    beside.call(_import_judge, store)
    try:
        yield
    finally:
        del _BESIDE[store]
        beside.end()


def _serve(theirs: Connection) -> None:
    """The process: do what is asked, and answer with what went wrong, or None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends us
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    end_with_parent()
    while True:
        try:
            work, given = theirs.recv()
        except EOFError:
            return
        problem: Exception | None = None
        try:
            work(*given)
        except DisagreementError as error:
            problem = error
        except Exception:  # others may not be fit to be sent
            problem = RuntimeError(f"Great Expectations failed: {traceback.format_exc()}")
        theirs.send(problem)


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
        beside.call(_judge, *asked)
    else:
        _judge(*asked)


def begin_pages(store: Path) -> None:
    """Begin the pages about all that was asked, where they can be written beside the run."""
    if beside := _BESIDE.get(store):
        beside.call(_write_pages, store)


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
