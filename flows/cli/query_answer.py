"""What a query of the browser gave: the first rows as texts for a page, or all of them as CSV.

Both are computed in a process of their own (`flows.warehouse.child`) and come from there in pieces.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.warehouse.sandbox import Limits, ask_in_child, open_sandbox

MOST_ROWS = 1000  # on a page; a CSV has all
_MOST_CHARACTERS = 1000  # of a cell on a page
_NUMBER = re.compile(  # a list of them is none
    r"DECIMAL\(\d+,\d+\)|DOUBLE|FLOAT|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)"
)


@dataclass(frozen=True)
class Column:
    """A column of an answer; one of doubles has more digits than anybody reads."""

    name: str
    is_number: bool
    is_double: bool


@dataclass(frozen=True)
class Answer:
    """The first rows of a result, a text or None a cell."""

    columns: list[Column]
    rows: list[tuple[str | None, ...]]
    has_more: bool


def ask_for_rows(warehouse: Path, query: str, limits: Limits) -> Answer:
    """Raises what `Sandbox.answer` does."""
    work = functools.partial(_send_rows, warehouse, query, limits)
    answers: list[Answer] = list(ask_in_child(work, limits, from_thread=True))
    return answers[0]


def ask_for_csv(warehouse: Path, query: str, limits: Limits) -> Iterator[str]:
    """The result as CSV in pieces. Raises what `Sandbox.answer` does, with the first piece."""
    yield from ask_in_child(
        functools.partial(_send_csv, warehouse, query, limits), limits, from_thread=True
    )


def _send_rows(warehouse: Path, query: str, limits: Limits, send: Callable[[Answer], None]) -> None:
    with open_sandbox(warehouse, limits) as sandbox, sandbox.answer(query) as relation:
        types = [str(kind) for kind in relation.types]
        columns = [
            Column(name, bool(_NUMBER.fullmatch(kind)), kind in ("DOUBLE", "FLOAT"))
            for name, kind in zip(relation.columns, types, strict=True)
        ]
        shown = relation.project(f"left(columns(*)::varchar, {_MOST_CHARACTERS})")
        rows = shown.fetchmany(MOST_ROWS + 1)
        send(Answer(columns, rows[:MOST_ROWS], len(rows) > MOST_ROWS))


def _send_csv(warehouse: Path, query: str, limits: Limits, send: Callable[[str], None]) -> None:
    from flows.cli.result_files import SentText, write_csv

    with open_sandbox(warehouse, limits) as sandbox, SentText(send) as sink:
        write_csv(sandbox, query, sink)
