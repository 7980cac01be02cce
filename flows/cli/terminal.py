"""What the commands share: the screen, the options, and how a problem is told."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import duckdb
import typer
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.model.errors import BuildError, CatalogueError, DisagreementError, WarehouseError

P = ParamSpec("P")
R = TypeVar("R")

# what was sent is shown as it was sent: `:x:` in a cell does not become a picture
out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)

RawOption = Annotated[Path, typer.Option(help="Folder of the raw submissions.")]
WarehouseOption = Annotated[Path, typer.Option(help="Folder of everything derived.")]


class Lang(StrEnum):
    """The language of an answer."""

    zh = "zh"
    en = "en"


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Say what went wrong and how to mend it; a stack trace shown to a user is a bug."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (
            WarehouseError,
            CatalogueError,
            BuildError,
            DisagreementError,
            OSError,
            ValueError,
        ) as problem:
            say_problem(problem)
        except duckdb.Error as problem:
            err.print(f"[red]jibao: SQL:[/] {escape(str(problem))}", soft_wrap=True)
        raise typer.Exit(2)

    return guarded


def say_problem(problem: Exception) -> None:
    """What is wrong, on the error screen."""
    err.print(f"[red]jibao:[/] {escape(str(problem))}", soft_wrap=True)


def require_file(path: Path) -> None:
    """Raises FileNotFoundError in words; a path as the manifest has it begins below `raw/`."""
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no file {path}"
            + (f"; is it raw/{path}?" if ("raw" / path).is_file() else "")
        )


def refuse_own_places(output: Path, warehouse: Path) -> None:
    """Raises ValueError for a place in the warehouse's folder, where only a run writes."""
    if output.resolve().is_relative_to(warehouse.resolve()):
        raise ValueError(
            f"{output} is in the warehouse's folder, where only `jibao run` writes; "
            "give another place with --output"
        )


# a run of Latin letters and figures, or any other character, each with the marks that close it
_PIECE = re.compile(
    r"\s+|[^\s\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’…—]+[，。；：、！？）》」』”’…]*"
    r"|[（《「『“‘]*.[，。；：、！？）》」』”’…]*"
)


def fold(text: str, width: int) -> str:
    """Text in lines of so many columns: Chinese breaks at any character, never before a comma."""
    lines, used = [""], 0
    for piece in _PIECE.findall(text):
        needed = cell_len(piece)
        if used and used + needed > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            piece, used = piece.lstrip(), 0
            needed = cell_len(piece)
        lines[-1] += piece
        used += needed
    return "\n".join(lines)


def print_relation(relation: duckdb.DuckDBPyRelation) -> None:
    """The rows of a query as a table, the first thousand of them; one below the other where the
    screen
    is too narrow.
    """
    if len(relation.columns) * _NARROWEST > out.width:
        _print_records(relation)
        return
    table = Table(box=box.SIMPLE_HEAD)
    numeric = [
        str(t).startswith(("DECIMAL", "DOUBLE", "INT", "BIGINT", "HUGEINT")) for t in relation.types
    ]
    for name, right in zip(relation.columns, numeric, strict=True):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    rows = relation.fetchmany(1001)
    for row in rows[:1000]:
        table.add_row(*("" if v is None else _shown(v) for v in row))
    out.print(table)
    if len(rows) > 1000:
        out.print("[dim]the first 1,000 rows; --format csv gives all[/]")


_NARROWEST = 9  # characters that a column needs to be read


def _print_records(relation: duckdb.DuckDBPyRelation) -> None:
    """A row as lines of name and value, without those that are empty."""
    longest = max(len(name) for name in relation.columns)
    rows = relation.fetchmany(101)
    for row in rows[:100]:
        for name, value in zip(relation.columns, row, strict=True):
            if value is not None:
                out.print(f"  [dim]{name:<{longest}}[/]  {_shown(value)}", soft_wrap=True)
        out.print()
    out.print(
        f"{min(len(rows), 100)} {'row' if len(rows) == 1 else 'rows'}"
        + ("; the first of them, --format csv gives all" if len(rows) > 100 else "")
    )


def _shown(value: object) -> str:
    """Doubles to four decimals, decimals without idle zeros; the values themselves are in `--format
    csv`.
    """
    if isinstance(value, float):
        return f"{value:.4f}"
    text = str(value)
    return (
        text.rstrip("0").rstrip(".")
        if type(value).__name__ == "Decimal" and "." in text
        else escape(text)
    )
