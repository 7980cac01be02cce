"""Flow: how a stage becomes a task. Tried again where waiting can heal, ended after two hours,
interrupted as what interrupts it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import State, Task, task
from prefect.client.schemas.objects import TaskRun

from flows.orchestration.faults import can_heal
from flows.warehouse.deadline import bare_interrupts

HOUR = 3600

P = ParamSpec("P")
R = TypeVar("R")


def heals(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a task that failed is tried again: only where waiting can help."""
    fault = state.result(raise_on_failure=False)
    return isinstance(fault, BaseException) and can_heal(fault)


def stage(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task that is tried again where a network drive stumbled or a file was locked: after a
    second,
    five, half a minute.
    """
    make: Callable[[Callable[P, R]], Task[P, R]] = task(
        task_run_name=name,
        retries=3,
        retry_delay_seconds=[1, 5, 30],
        retry_condition_fn=heals,
        timeout_seconds=2 * HOUR,
    )
    return lambda work: make(bare_interrupts()(work))
