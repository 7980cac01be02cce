"""The folder that a run works in, under the lock of the warehouse."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flows.orchestration import run_log
from flows.orchestration.tasks import current_run
from flows.warehouse.failure import remember_failure
from flows.warehouse.lock import exclusive


@contextlib.contextmanager
def workplace(warehouse: Path, dry_run: bool) -> Iterator[Path]:
    """A folder of the run's own, which is removed however the run ends.

    A dry run works beside the warehouse and takes no lock. Raises WarehouseError where another run
    holds the warehouse for longer than an hour.
    """
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
            yield Path(folder)
        return
    waited: list[str] = []

    def wait(message: str) -> None:
        waited.append(message)
        run_log.say_waiting(message)

    run, _ = current_run()
    with exclusive(warehouse, wait, run=run, on_lost=run_log.say_lost):
        if waited:
            run_log.say_working()
        work = warehouse / "work"
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        work.mkdir()
        try:
            with remember_failure(warehouse, lambda: current_run()[1]):
                yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
