"""What is told of a run while it goes on: its log, its progress, what it waits for.

Prefect shows it where a flow runs, and is imported only there: to import it takes a second. Nothing
here may stop a run: a server that does not answer for a moment costs a picture, never a figure.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from flows.model.text import show_control
from flows.orchestration.faults import PROCESS_DIED
from flows.orchestration.tasks import in_flow

_LONG = 4  # batches from which on a run shows its progress
_EVERY = 1.0  # seconds between two updates of it


def log() -> logging.Logger | logging.LoggerAdapter[Any]:
    """The run's log in Prefect, or the package's own where no flow runs."""
    if not in_flow():
        return logging.getLogger("flows")
    from prefect import get_run_logger

    return get_run_logger()


@contextlib.contextmanager
def spared(what: str) -> Iterator[None]:
    """Go on where something could not be shown, and say so in the log."""
    try:
        yield
    except Exception as error:
        log().warning("%s could not be shown: %s", what, error)


def say_waiting(message: str) -> None:
    """Tell that the run waits for another one, in the log and as its state."""
    log().warning(show_control(message))
    _set_state("Waiting", message)


def say_working() -> None:
    """Tell that the wait is over."""
    _set_state("Running", "the warehouse is free")


def say_name(name: str) -> None:
    """Rename the run, for who reads a list of runs."""
    if not in_flow():
        return
    from prefect import get_client
    from prefect.context import FlowRunContext

    running = FlowRunContext.get()
    if running is None or running.flow_run is None:
        return
    with spared(f"the name {name}"), get_client(sync_client=True) as client:
        client.update_flow_run(running.flow_run.id, name=show_control(name))
        running.flow_run.name = name  # by which a failure is remembered


def say_lost(flow_run: str) -> None:
    """Mark a run as crashed whose process died while it held the warehouse; one that another server
    knows is left to that.
    """
    if not in_flow():
        return
    from prefect import get_client
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Crashed

    with (
        spared("a run that died"),
        contextlib.suppress(ObjectNotFound, ValueError),
        get_client(sync_client=True) as client,
    ):
        state = client.read_flow_run(UUID(flow_run)).state
        if state and not state.is_final():
            client.set_flow_run_state(flow_run, Crashed(message=PROCESS_DIED))


def _set_state(name: str, message: str) -> None:
    if not in_flow():
        return
    from prefect import get_client, runtime
    from prefect.states import Running

    with spared(f"the state {name}"), get_client(sync_client=True) as client:
        client.set_flow_run_state(
            str(runtime.flow_run.id), Running(name=name, message=message), force=True
        )


@contextlib.contextmanager
def progress(batches: int) -> Iterator[Callable[[], None]]:
    """A bar for a long run. Gives a function that counts one batch done."""
    bar: list[Any] = []
    if batches >= _LONG and in_flow():
        from prefect.artifacts import create_progress_artifact

        with spared("the progress"):
            bar.append(
                create_progress_artifact(
                    0.0, key="progress", description="报表处理进度 · forms done"
                )
            )
    done, shown = 0, time.monotonic()

    def count_one() -> None:
        nonlocal done, shown
        done += 1
        if bar and (done == batches or time.monotonic() - shown > _EVERY):
            from prefect.artifacts import update_progress_artifact

            shown = time.monotonic()
            with spared("the progress"):
                update_progress_artifact(bar[0], progress=100.0 * done / batches)

    yield count_one
