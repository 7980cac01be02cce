"""What the pipeline itself fails on while a run goes on: one file, workbook, page or export.

A fault of one of them is told as ours and stops no other. A fault of the run as a whole (a full
disk, a wrong declaration, a deadline) is never spared: nothing that such a run has made can be
trusted.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import duckdb

from flows.model.errors import CatalogueError, DisagreementError, WarehouseError

Log = logging.Logger | logging.LoggerAdapter[Any]

OF_THE_RUN = (
    CatalogueError,
    DisagreementError,
    WarehouseError,
    TimeoutError,
    OSError,
    MemoryError,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
    duckdb.FatalException,
)


@dataclass(frozen=True)
class OwnFault:
    """What the pipeline failed on, by its path, and how; the submission that it is about, if it is
    about one.
    """

    path: str
    problem: str
    submission: str = ""


# `spare(path, submission="")`: a block in which one thing is made
Spare = Callable[..., AbstractContextManager[None]]


def spare_nothing(path: str, submission: str = "") -> AbstractContextManager[None]:
    """A block whose error is raised, as anywhere else."""
    del path, submission
    return contextlib.nullcontext()


class OwnFaults:
    """Gathers the faults of a step; the trace of each goes to the log."""

    def __init__(self, log: Log) -> None:
        self.listed: list[OwnFault] = []
        self._log = log

    @contextlib.contextmanager
    def spare(self, path: str, submission: str = "") -> Iterator[None]:
        """A block in which one thing is made: where it fails, the step goes on without it."""
        try:
            yield
        except OF_THE_RUN:
            raise
        except Exception as error:
            self._log.exception("%s: the pipeline failed on it", path)
            self.listed.append(OwnFault(path, word_fault(error), submission))


def word_fault(error: Exception) -> str:
    """How the pipeline failed, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
