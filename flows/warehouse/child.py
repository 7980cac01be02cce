"""Work in a process of its own that the operating system ends where it overruns its limits.

DuckDB looks for an interrupt between the pieces of a query, never within a function, and what a
function or a fetch takes is not counted as its memory. The process is forked, which costs
milliseconds, and is this one but for what it opens.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import Pipe, connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from flows.model.errors import WarehouseError

T = TypeVar("T")
_GRACE_S = 0.5  # for DuckDB to end the query by itself, which it does where it can
_QUERIES = "flows.warehouse.sandbox"  # imported once, by the process that others are forked from
_OF_THE_PROGRAM = 1 << 30  # bytes of address space beside those of the query


def call_in_child(
    work: Callable[[Callable[[T], None]], None], memory_bytes: int, seconds: float
) -> Iterator[T]:
    """What `work` gives to the function that it is called with, piece by piece, as it comes.

    Raises what `work` raises, TimeoutError and MemoryError where it overran, and WarehouseError
    where its process died of something else.
    """
    receiver, sender = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        receiver.close()
        _work(work, sender, memory_bytes, seconds)
    sender.close()

    def wait() -> int:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    yield from _receive(receiver, wait, lambda: os.kill(child, signal.SIGKILL))


def call_from_thread(
    work: Callable[[Callable[[T], None]], None], memory_bytes: int, seconds: float
) -> Iterator[T]:
    """As `call_in_child`, for a process with threads, which must not be forked: the child comes
    from a process that has none, kept for that. `work` has to travel there: a function of a module,
    or a partial of one.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_QUERIES])
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, sender, memory_bytes, seconds), daemon=True)
    child.start()
    sender.close()

    def wait() -> int:
        child.join()
        return child.exitcode or 0

    yield from _receive(receiver, wait, child.kill)


def _receive(
    receiver: Connection, wait: Callable[[], int], kill: Callable[[], None]
) -> Iterator[Any]:
    """The pieces that a child sends; `wait` gives its exit code."""
    code = None
    try:
        while True:
            try:
                problem, piece = receiver.recv()
            except (EOFError, OSError):  # it is over, perhaps in the middle of a piece
                code = wait()
                break
            if problem is not None:
                raise problem
            yield piece
    finally:
        receiver.close()
        if code is None:  # nobody wants the rest
            kill()
            wait()
    _tell_end(code)


def _tell_end(code: int) -> None:
    if code == -signal.SIGALRM:
        raise TimeoutError
    if code == -signal.SIGABRT:  # how C++ ends for want of memory
        raise MemoryError
    if code:
        how = name_death(code)
        raise WarehouseError(
            f"查询使其进程中断（{how}），数据仓库未变 · "
            f"the query ended its own process ({how}); the warehouse is unchanged"
        )


def end_with_parent() -> None:
    """Runs in a child: the process ends as soon as its parent has, whatever it is at. One that
    outlived a run that was killed would go on writing where the next run works.
    """
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def name_death(code: int | None) -> str:
    """How a process ended, as an operator knows it: SIGABRT, SIGKILL, exit 3."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"


def _work(
    work: Callable[[Callable[[T], None]], None],
    sender: Connection,
    memory_bytes: int,
    seconds: float,
) -> NoReturn:
    """Runs in the child, and ends it: nothing of the parent's is flushed or closed twice."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's, which then ends this process
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_S)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _limit_memory(memory_bytes)
        try:
            work(lambda piece: sender.send((None, piece)))
        except Exception as problem:
            _send_problem(sender, problem)
        code = 0
    finally:
        os._exit(code)


def _limit_memory(more_bytes: int) -> None:
    with contextlib.suppress(FileNotFoundError), Path("/proc/self/statm").open("rb") as sizes:
        taken = int(sizes.read().split()[0]) * resource.getpagesize()
        most = taken + more_bytes + _OF_THE_PROGRAM
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _send_problem(sender: Connection, problem: Exception) -> None:
    told: Any = problem
    told.add_note(traceback.format_exc())  # a trace does not travel
    try:
        sender.send((told, None))
    except (TypeError, AttributeError, ValueError):  # it cannot travel either
        sender.send((RuntimeError(f"{type(problem).__name__}: {problem}"), None))
