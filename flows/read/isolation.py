"""Calls in worker processes with limits, so that no file ends the run that reads it.

A small pool, kept warm for a whole batch: a thousand small files pay for it once. What kills a
worker or overruns its limits is a `Fault` of that one call; the others go on.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import multiprocessing
import os
import resource
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as CallTimeoutError
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from flows.read.limits import MEMORY_BYTES, SECONDS

T = TypeVar("T")

# imported once by the server that forks the workers, so that each starts in milliseconds
_PRELOADED = ["flows.read.step"]


@dataclass(frozen=True)
class CallLimits:
    """What one call may take: address space in bytes, and seconds by the wall clock."""

    memory_bytes: int
    seconds: float


@dataclass(frozen=True)
class Fault:
    """Why a call gave no result: it overran a limit, its process died, or our own code failed."""

    kind: Literal["memory", "seconds", "crash", "error"]
    detail: str
    trace: str = ""


@contextlib.contextmanager
def open_pool(limits: CallLimits, workers: int | None = None) -> Iterator[ProcessPool]:
    """Worker processes under a limit of memory, one a core and four at most; stopped at the end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    pool = ProcessPool(
        max_workers=workers or min(os.cpu_count() or 1, 4),
        initializer=_limit_memory,
        initargs=(limits.memory_bytes,),
        context=context,
    )
    try:
        yield pool
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def call_in_workers(
    function: Callable[..., T], calls: Sequence[tuple[Any, ...]]
) -> Iterator[T | Fault]:
    """`call_isolated` in the pool of this process, opened when first needed and kept warm."""
    limits = CallLimits(MEMORY_BYTES, SECONDS)
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
    calls: Sequence[tuple[Any, ...]],
) -> Iterator[T | Fault]:
    """The result of each call in the order given, or its Fault. Arguments and results are
    pickled.
    """
    futures = [pool.schedule(function, args=args, timeout=limits.seconds) for args in calls]
    for future in futures:
        yield _settle(future, limits)


def _settle(future: ProcessFuture[Any], limits: CallLimits) -> Any:
    try:
        return future.result()
    except ProcessExpired as death:
        return Fault("crash", _name_death(death.exitcode))
    except CallTimeoutError:
        return Fault("seconds", f"{limits.seconds:g}")
    except MemoryError:
        return Fault("memory", str(limits.memory_bytes))
    except Exception as error:  # whatever our own code did not foresee about one file
        return Fault("error", f"{type(error).__name__}: {error}", traceback.format_exc())


def _limit_memory(memory_bytes: int) -> None:
    """Runs in each worker as it starts."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which stops its workers


def _name_death(code: int | None) -> str:
    """How a process ended, as an operator knows it: SIGABRT, SIGKILL, exit 3."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"
