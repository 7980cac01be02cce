"""Calls in worker processes with limits, so that no file ends the run that reads it.

A small pool, kept warm for a whole batch: a thousand small files pay for it once. What kills a
worker or overruns its limits is a `Fault` of that one call; the others go on.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import math
import multiprocessing
import os
import resource
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as CallTimeoutError
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from flows.read.limits import limit_of
from flows.warehouse.child import end_with_parent, name_death

if TYPE_CHECKING:  # `jibao validate` reads without workers, and waits for no import of them
    from pebble import ProcessFuture, ProcessPool

T = TypeVar("T")

# imported once by the server that forks the workers, so that each starts in milliseconds
_PRELOADED = ["flows.read.step"]


@dataclass(frozen=True)
class CallLimits:
    """What one call may take: address space in bytes, seconds by the wall clock, seconds of the
    processor.
    """

    memory_bytes: int
    seconds: float
    cpu_seconds: int


@dataclass(frozen=True)
class Fault:
    """Why a call gave no result: it overran a limit (`kind` is its name), its process died, or our
    own code failed.
    """

    kind: Literal["memory_bytes", "seconds", "cpu_seconds", "crash", "error"]
    detail: str
    trace: str = ""


def begin_workers() -> None:
    """Begin the server that forks the workers: it imports what they need while we go on. They have
    our environment and our umask of now.
    """
    _forking()
    forkserver.ensure_running()


def _forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@contextlib.contextmanager
def open_pool(limits: CallLimits, workers: int | None = None) -> Iterator[ProcessPool]:
    """Worker processes under a limit of memory, one a core and four at most; stopped at the end."""
    from pebble import ProcessPool

    pool = ProcessPool(
        max_workers=workers or min(os.cpu_count() or 1, 4),
        initializer=_begin_worker,
        initargs=(limits.memory_bytes,),
        context=_forking(),
    )
    try:
        yield pool
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def call_in_workers(
    function: Callable[..., T], calls: Iterable[tuple[Any, ...]]
) -> Iterator[T | Fault]:
    """`call_isolated` in the pool of this process, opened when first needed and kept warm."""
    limits = CallLimits(limit_of("memory_bytes"), limit_of("seconds"), limit_of("cpu_seconds"))
    return call_isolated(_warm_pool(os.getpid(), limits), limits, function, calls)


# a process that was forked off has none of its parent's workers, and opens its own
@functools.cache
def _warm_pool(_process: int, limits: CallLimits) -> ProcessPool:
    opened = contextlib.ExitStack()
    atexit.register(opened.close)
    return opened.enter_context(open_pool(limits))


def call_isolated(
    pool: ProcessPool,
    limits: CallLimits,
    function: Callable[..., T],
    calls: Iterable[tuple[Any, ...]],
) -> Iterator[T | Fault]:
    """The result of each call in the order given, or its Fault. Arguments and results are pickled.

    Workers begin with the first calls while later ones are still being made.
    """
    futures = [
        pool.schedule(_within, args=(limits.cpu_seconds, function, args), timeout=limits.seconds)
        for args in calls
    ]
    for future in futures:
        yield _settle(future, limits)


def _settle(future: ProcessFuture[Any], limits: CallLimits) -> Any:
    from pebble import ProcessExpired

    try:
        return future.result()
    except ProcessExpired as death:
        if death.exitcode == -signal.SIGXCPU:
            return Fault("cpu_seconds", f"{limits.cpu_seconds}")
        return Fault("crash", name_death(death.exitcode))
    except CallTimeoutError:
        return Fault("seconds", f"{limits.seconds:g}")
    except MemoryError:
        return Fault("memory_bytes", str(limits.memory_bytes))
    except Exception as error:  # whatever our own code did not foresee about one file
        return Fault("error", f"{type(error).__name__}: {error}", traceback.format_exc())


def _within(cpu_seconds: int, function: Callable[..., T], args: tuple[Any, ...]) -> T:
    """Runs in a worker: a call under a limit of its own, whatever the calls before it took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime) + cpu_seconds
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = until if most == resource.RLIM_INFINITY else min(until, most)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, most))
    return function(*args)


def _begin_worker(memory_bytes: int) -> None:
    """Runs in each worker as it starts."""
    end_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which stops its workers
