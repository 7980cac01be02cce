"""SQL that a person typed, run where it can read the warehouse and do nothing else.

The file is opened first; then files, the network, extensions and settings are shut off, for they
cannot be opened again by a statement. What runs is exactly one SELECT, of no function that does
more than to read, within limits of memory and time: DuckDB's own, and those of a process
(`ask_in_child`) for what DuckDB does not count. Results are written by whoever asked
(`flows.cli.sql`), never by the statement.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from flows.model.errors import WarehouseError
from flows.warehouse.child import call_from_thread, call_in_child
from flows.warehouse.damage import damage_in_words, no_warehouse
from flows.warehouse.database import published_path
from flows.warehouse.deadline import deadline, interruptible
from flows.warehouse.version import refuse_newer

T = TypeVar("T")

# functions that a SELECT may name and that do more than to read
_ACTING = frozenset(
    [
        "checkpoint",
        "disable_logging",
        "disable_profiling",
        "enable_logging",
        "enable_profiling",
        "force_checkpoint",
        "json_execute_serialized_sql",
        "truncate_duckdb_logs",
    ]
)
# a text without these names none of them, not even in a text of SQL that it puts together; the plan
# of any other says which it calls
_PERHAPS_ACTING = re.compile(r"checkpoint|logg|profil|truncate|serialized|query|u&", re.I)
_CALLED = re.compile(r'"(?:name|Function)": "(\w+)')
_UNITS = {"K": 1, "M": 2, "G": 3, "T": 4}

SHUT: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",  # no file but the warehouse, no network, no attaching
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",  # a name of ours in Python is no table
    "temp_directory": "",  # nothing is written, not even what does not fit into memory
}


@dataclass(frozen=True)
class Limits:
    """How much a query may take: memory as DuckDB writes it (`2GB`, `500MB`), and seconds."""

    memory: str = "2GB"
    seconds: float = 120

    def __post_init__(self) -> None:
        """Raises ValueError where the limits are none."""
        if not self.seconds > 0:
            raise ValueError("--seconds 要大于 0 · --seconds must be greater than 0")
        if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", self.memory, re.I):  # `-1`: no limit
            raise ValueError(
                f"--memory {self.memory}：请写成 2GB 或 500MB · write it as 2GB or 500MB"
            )

    @property
    def memory_bytes(self) -> int:
        """The limit of memory in bytes."""
        number, unit = re.findall(r"[\d.]+|[KMGT]", self.memory.upper())
        base = 1024 if "I" in self.memory.upper() else 1000
        return int(float(number) * base ** _UNITS[unit])

    @contextlib.contextmanager
    def in_words(self) -> Iterator[None]:
        """A block with a query that a person typed. Raises WarehouseError where it overruns."""
        try:
            yield
        except TimeoutError as error:
            raise WarehouseError(
                f"查询超过 {self.seconds:g} 秒，已停止；请缩小范围，或用 --seconds 放宽 · "
                f"the query took more than {self.seconds:g} s and was stopped; ask for less, "
                "or allow more with --seconds"
            ) from error
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise WarehouseError(
                f"查询所需内存超过 {self.memory}，已停止；请缩小范围，或用 --memory 放宽 · "
                f"the query needs more memory than {self.memory} and was stopped; ask for less, "
                "or allow more with --memory"
            ) from error

    def overrun(self) -> WarehouseError:
        """What to say of SQL that nobody typed."""
        return WarehouseError(
            f"计算超过 {self.seconds:g} 秒或 {self.memory} 内存，已停止 · stopped: it took "
            f"more than {self.seconds:g} s or more memory than {self.memory}"
        )


class Sandbox:
    """A locked connection to a warehouse. Made by `open_sandbox`, to the readers' copy."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        trouble_in_words: Callable[[], contextlib.AbstractContextManager[None]],
        limits: Limits,
    ) -> None:
        self._connection, self._limits = connection, limits
        self._trouble_in_words = trouble_in_words

    @contextlib.contextmanager
    def answer(self, query: str) -> Iterator[duckdb.DuckDBPyRelation]:
        """The rows of one SELECT, to be read within the block, under the limits.

        Raises ValueError where the query is not one SELECT, duckdb.Error for a mistake in it,
        WarehouseError where it overruns a limit.
        """
        *preparing, select = self._take_select(query)
        limits = self._limits
        with (
            self._trouble_in_words(),
            limits.in_words(),
            deadline(self._connection, limits.seconds),
        ):
            for statement in preparing:
                self._connection.execute(statement)
            yield self._connection.sql(select)

    def _take_select(self, query: str) -> list[duckdb.Statement]:
        """The statements of a query. Raises ValueError where it is not exactly one SELECT.

        A PIVOT that finds its columns by itself comes as two statements, the first without a text
        of its own: it makes a temporary type.
        """
        statements = self._connection.extract_statements(query)
        if not statements:
            raise ValueError("查询是空的 · the query is empty")
        *preparing, last = statements
        if any(statement.query for statement in preparing):
            raise ValueError(
                f"一次只能查询一句 · one statement at a time; these are {len(statements)}"
            )
        if last.type != duckdb.StatementType.SELECT:
            raise ValueError(
                "只能查询（SELECT、FROM、WITH、DESCRIBE、SUMMARIZE、PIVOT）· "
                f"{last.type.name} is refused: the warehouse is read-only here, only queries run"
            )
        if _PERHAPS_ACTING.search(query):
            self._refuse_acting(query, is_prepared=bool(preparing))
        return statements

    def _refuse_acting(self, query: str, *, is_prepared: bool) -> None:
        """Raises ValueError where a query calls a function that does more than to read."""
        if is_prepared:  # what finds the columns of a PIVOT has no plan to be asked
            named = frozenset(n for n in (*_ACTING, "query", "u&") if n in query.lower())
        elif re.match(r"\s*(describe|desc|show)\b", query, re.I):  # which calls nothing
            return
        else:
            plan = self._connection.execute(f"explain (format json) {query}").fetchall()
            named = _ACTING & {name.lower() for name in _CALLED.findall(plan[0][1])}
        if named:
            raise ValueError(
                f"查询中不能用 {'、'.join(sorted(named))} · "
                f"{', '.join(sorted(named))}: refused in a query, which only reads"
            )


def ask_in_child(
    work: Callable[[Callable[[T], None]], None], limits: Limits, *, from_thread: bool = False
) -> Iterator[T]:
    """`call_in_child` for a query that a person typed: what overruns is told in words."""
    call = call_from_thread if from_thread else call_in_child
    with limits.in_words():
        yield from call(work, limits.memory_bytes, limits.seconds)


@contextlib.contextmanager
def open_sandbox(warehouse: Path, limits: Limits | None = None) -> Iterator[Sandbox]:
    """The readers' copy, locked. Raises WarehouseError where there is none, it is damaged or
    a newer program wrote it.
    """
    limits = limits or Limits()
    path = published_path(warehouse)
    if not path.exists():
        raise WarehouseError(no_warehouse(path))
    with damage_in_words(path):
        connection = duckdb.connect(
            str(path), read_only=True, config=SHUT | {"memory_limit": limits.memory}
        )
    with contextlib.closing(connection), interruptible(connection):
        refuse_newer(connection, path)
        connection.execute("set lock_configuration = true")
        yield Sandbox(connection, functools.partial(damage_in_words, path), limits)


@contextlib.contextmanager
def open_empty_sandbox(limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked database in memory with nothing in it, for SQL and rows that a file brought along.

    Raises WarehouseError where what is done in it overruns a limit.
    """
    connection = duckdb.connect(config=SHUT | {"memory_limit": limits.memory, "threads": 1})
    with contextlib.closing(connection), interruptible(connection):
        connection.execute("set lock_configuration = true")
        try:
            with deadline(connection, limits.seconds):
                yield connection
        except (TimeoutError, duckdb.OutOfMemoryException) as error:
            raise limits.overrun() from error
