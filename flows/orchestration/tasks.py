"""How a step of the pipeline becomes a task of Prefect.

A step is a plain function. Called while a flow runs, it is a task: named, timed, and tried again
where waiting can heal. Called anywhere else, it is the function and nothing more, so that a run
needs no server.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import State, Task, task
from prefect.client.schemas.objects import TaskRun
from prefect.context import FlowRunContext

from flows.orchestration.faults import can_heal

HOUR = 3600
_DELAYS_S = (1.0, 5.0, 30.0)  # before a task is tried again

P = ParamSpec("P")
R = TypeVar("R")


def heals(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a task that failed is tried again: only where waiting can help."""
    fault = state.result(raise_on_failure=False)
    return isinstance(fault, BaseException) and can_heal(fault)


def in_flow() -> bool:
    """Whether Prefect runs a flow here; outside of one nothing is shown or recorded."""
    return FlowRunContext.get() is not None


def as_task(
    name: str, *, once: bool = False, timeout_seconds: float = 2 * HOUR
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a step a task called `name`, in which `{parameter}` stands for what the step was given.

    A task is tried again after a second, five, and half a minute, where `heals` says so; one that
    is to be done `once` is not, because what it has half done it would do twice.
    """

    def make(work: Callable[P, R]) -> Callable[P, R]:
        made: Task[P, R] = task(
            task_run_name=name,
            retries=0 if once else len(_DELAYS_S),
            retry_delay_seconds=None if once else list(_DELAYS_S),
            retry_condition_fn=heals,
            timeout_seconds=timeout_seconds,
        )(work)

        @functools.wraps(work)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return made(*args, **kwargs) if in_flow() else work(*args, **kwargs)

        return call

    return make
