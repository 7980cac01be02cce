"""The last run that failed, kept beside the warehouse until a run ends well.

A failed run publishes nothing, so that the ledger cannot know of it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.model.clock import now_in_utc

_NAME = "failed_run.json"


@dataclass(frozen=True)
class FailedRun:
    """Which run failed, when (ISO 8601 with offset), and of what."""

    run: str
    failed_at: str
    problem: str


@contextlib.contextmanager
def remember_failure(warehouse: Path, name_run: Callable[[], str]) -> Iterator[None]:
    """Note an exception that passes through, and raise it; forget an earlier one where none does.

    `name_run` gives the name by which people find the run, which changes as it goes on; the time
    stands for an empty one.
    """
    path = warehouse / _NAME
    try:
        yield
    except Exception as error:
        now = now_in_utc().isoformat(timespec="seconds")
        problem = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        failed = FailedRun(name_run() or now, now, problem)
        with contextlib.suppress(OSError):  # a full disk: the error itself is what counts
            path.write_text(json.dumps(asdict(failed), ensure_ascii=False), encoding="utf-8")
        raise
    path.unlink(missing_ok=True)


def last_failure(warehouse: Path) -> FailedRun | None:
    """The run that failed since the last one that ended well; None where none did."""
    try:
        return FailedRun(**json.loads((warehouse / _NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
