"""How a step of the pipeline becomes a task of Prefect.

A step is a plain function. Called while a flow runs, it is a task: named, timed, and tried again
where waiting can heal. Called anywhere else, it is the function and nothing more, so that a run
needs no server.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flows.orchestration.faults import can_heal

if TYPE_CHECKING:
    from prefect import State, Task
    from prefect.client.schemas.objects import TaskRun

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
    if "prefect" not in sys.modules:  # to import it takes a second
        return False
    from prefect.context import FlowRunContext

    return FlowRunContext.get() is not None


def current_run() -> tuple[str, str]:
    """The id and the name of the flow run that Prefect knows us by; empty where no flow runs."""
    if not in_flow():
        return "", ""
    from prefect import runtime

    return str(runtime.flow_run.id or ""), str(runtime.flow_run.name or "")


def as_task(
    name: str, *, once: bool = False, timeout_seconds: float = 2 * HOUR
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a step a task called `name`, in which `{parameter}` stands for what the step was given.

    A task is tried again after a second, five, and half a minute, where `heals` says so; one that
    is to be done `once` is not, because what it has half done it would do twice.
    """

    def make(work: Callable[P, R]) -> Callable[P, R]:
        @functools.cache
        def made() -> Task[P, R]:
            from prefect import task

            return task(
                task_run_name=name,
                retries=0 if once else len(_DELAYS_S),
                retry_delay_seconds=None if once else list(_DELAYS_S),
                retry_condition_fn=heals,
                timeout_seconds=timeout_seconds,
            )(work)

        @functools.wraps(work)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return made()(*args, **kwargs) if in_flow() else work(*args, **kwargs)

        return call

    return make
