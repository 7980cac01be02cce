"""What a run costs, counted and not timed: the same on every machine and under any load.

`count_steps` runs something and gives, for each step of the flow, the statements that DuckDB was given, the rows that its
operators scanned, the bytes of the files below a warehouse that were made or changed, the files below `raw/` that were opened, and
how often the step was called (a task run each). Files are read by workers in processes of their own: what these open is not counted.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.orchestration import steps
from flows.warehouse import database

_SETTINGS = (
    "set enable_profiling = 'no_output'",
    "set profiling_coverage = 'all'",
    """set custom_profiling_settings = '{"OPERATOR_ROWS_SCANNED": "true"}'""",
)
BETWEEN = "between the steps"


@dataclass
class Cost:
    """The counts of one step, or of a whole run."""

    calls: int = 0
    statements: int = 0
    rows_scanned: int = 0
    bytes_written: int = 0
    files_opened: int = 0


class _Meter:
    """Adds what is counted to the step that is at work."""

    def __init__(self, raw: Path, warehouse: Path) -> None:
        self.raw, self.warehouse = str(raw.resolve()) + os.sep, warehouse
        self.costs: dict[str, Cost] = {}
        self.step = BETWEEN
        self.connections: list[_Counted] = []
        self._standing = self._list_files()

    @property
    def cost(self) -> Cost:
        return self.costs.setdefault(self.step, Cost())

    def settle(self) -> None:
        """Bring the counts of the step at work up to date."""
        for connection in self.connections:
            connection.tally()
        now = self._list_files()
        self.cost.bytes_written += sum(
            size for path, (size, *seen) in now.items() if self._standing.get(path) != (size, *seen)
        )
        self._standing = now

    def _list_files(self) -> dict[Any, tuple[int, ...]]:
        """By file and not by name: one that is moved is not written."""
        files = {}
        for path in self.warehouse.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                at = path.stat()
                if path.is_file():
                    files[at.st_ino] = (at.st_size, at.st_mtime_ns)
        return files

    def note_opened(self, path: object) -> None:
        if isinstance(path, (str, os.PathLike)) and str(Path.cwd() / path).startswith(self.raw):
            self.cost.files_opened += 1


class _Counted:
    """A connection whose statements are counted. The profile of one is read before the next, for rows are fetched meanwhile."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, meter: _Meter) -> None:
        self._connection, self._meter, self._is_pending = connection, meter, False
        for setting in _SETTINGS:
            connection.execute(setting)
        meter.connections.append(self)

    def execute(self, *args: Any, **kwargs: Any) -> duckdb.DuckDBPyConnection:
        self.tally()
        self._meter.cost.statements += 1
        result = self._connection.execute(*args, **kwargs)
        self._is_pending = True
        return result

    def tally(self) -> None:
        if self._is_pending:
            self._is_pending = False
            profile = self._connection.get_profiling_information(format="json")
            self._meter.cost.rows_scanned += _sum_rows(json.loads(profile))

    def cursor(self) -> _Counted:
        return _Counted(self._connection.cursor(), self._meter)

    def close(self) -> None:
        self.tally()
        self._meter.connections.remove(self)
        self._connection.close()

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _sum_rows(node: dict[str, Any]) -> int:
    return int(node.get("operator_rows_scanned", 0)) + sum(map(_sum_rows, node.get("children", [])))


class _CountedDuckDB:
    """DuckDB's module as `flows.warehouse.database` uses it, where every connection of the pipeline is opened."""

    def __init__(self, meter: _Meter) -> None:
        self._meter = meter

    def connect(self, *args: Any, **kwargs: Any) -> _Counted:
        return _Counted(duckdb.connect(*args, **kwargs), self._meter)

    def __getattr__(self, name: str) -> Any:
        return getattr(duckdb, name)


_METERS: list[_Meter] = []  # those at work: a hook of Python's audit can never be taken away again


@functools.cache
def _watch_opening() -> None:
    def note(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            for meter in _METERS:
                meter.note_opened(args[0])

    sys.addaudithook(note)


@contextlib.contextmanager
def _counting(meter: _Meter) -> Iterator[None]:
    """The steps and connections of the pipeline, counted."""

    def counted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            meter.settle()
            meter.step = name
            meter.cost.calls += 1
            try:
                return work(*args, **kwargs)
            finally:
                meter.settle()
                meter.step = BETWEEN

        return call

    names = [
        name
        for name, work in vars(steps).items()
        if callable(work) and work.__module__ == steps.__name__
    ]
    caches = (database._shared_scratch,)
    _watch_opening()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "duckdb", _CountedDuckDB(meter))
        for name in names:
            patch.setattr(steps, name, counted(name, getattr(steps, name)))
        for cache in caches:  # what is made once a process is made here, by connections that count
            cache.cache_clear()
        with database.shared_scratch():
            pass
        meter.costs.clear()
        _METERS.append(meter)
        try:
            yield
            meter.settle()
        finally:
            _METERS.remove(meter)
            for cache in caches:
                cache.cache_clear()


def count_steps(raw: Path, warehouse: Path, work: Callable[[], object]) -> dict[str, Cost]:
    """What `work` costs by step; what is done between steps stands under `BETWEEN`."""
    meter = _Meter(raw, warehouse)
    with _counting(meter):
        work()
    return meter.costs
