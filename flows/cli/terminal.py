"""What the commands share: the screen, the options, and how a problem is told."""

from __future__ import annotations

import difflib
import functools
import logging
import re
import tempfile
import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import duckdb
import typer
from rich import box
from rich.cells import cell_len
from rich.console import (
    Console,
    ConsoleOptions,
    ConsoleRenderable,
    RenderHook,
    RenderResult,
)
from rich.markup import escape as _escape_markup
from rich.segment import Segment
from rich.table import Table

from flows.cli.usage import REFUSED
from flows.model.errors import BuildError, CatalogueError, DisagreementError, WarehouseError
from flows.model.text import show_control

P = ParamSpec("P")
R = TypeVar("R")

# what was sent is shown as it was sent: `:x:` in a cell does not become a picture
out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)


class _Written:
    """What is printed, with every control character written out, whatever brought it there."""

    def __init__(self, renderable: ConsoleRenderable) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._renderable, options):
            text, style, control = segment
            yield segment if control else Segment(show_control(text, keep="\n"), style)


class _Guard(RenderHook):
    """A terminal obeys nothing that a file, a name or a cell says."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Each as text that is shown and does nothing."""
        return [_Written(renderable) for renderable in renderables]


for _screen in (out, err):
    _screen.push_render_hook(_Guard())


def escape(text: object) -> str:
    """Words of a sender as they are printed: no markup of ours, no control character, one line."""
    return _escape_markup(show_control(str(text)))


RawOption = Annotated[Path, typer.Option(help="Folder of the raw submissions.")]
PlaceOption = Annotated[
    str, typer.Option(help="Folder of everything derived, or ducklake:postgres:…")
]
WarehouseOption = Annotated[Path, typer.Option(help="Folder of everything derived.")]


class Lang(StrEnum):
    """The language of an answer."""

    zh = "zh"
    en = "en"


# said before the text of an error that our own declarations or libraries word, in English alone
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (CatalogueError, "报表或规则的声明有误 · a declaration is wrong: "),
    (BuildError, "程序自身的 SQL 有误 · SQL of ours is wrong: "),
    (
        DisagreementError,
        "两套审核结果不一致，本次运行作废 · two judges disagree, the run is void: ",
    ),
    (duckdb.Error, "SQL 有误 · SQL: "),
)
_WORDED: tuple[type[Exception], ...] = (
    WarehouseError,
    OSError,
    ValueError,
    *(kind for kind, _ in _KINDS),
)
FAULT = 3  # the exit code where the program itself is at fault


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Say what went wrong and how to mend it; a stack trace shown to a user is a bug."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (typer.Exit, typer.Abort, REFUSED):
            raise
        except _WORDED as problem:
            say_problem(problem)
        except Exception as fault:
            say_fault(fault)
            raise typer.Exit(FAULT) from None
        raise typer.Exit(2)

    return guarded


def say_problem(problem: Exception | str) -> None:
    """What is wrong, on the error screen, in Chinese and English."""
    text = problem if isinstance(problem, str) else _word(problem)
    shown = _escape_markup(show_control(text, keep="\n"))
    err.print(f"[red]jibao:[/] {shown}", soft_wrap=True)


def _word(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.strerror:  # the system's own words
        names = " → ".join(str(n) for n in (problem.filename, problem.filename2) if n is not None)
        return f"无法读写 {names}（{problem.strerror}） · cannot read or write {names}"
    return next((words for kind, words in _KINDS if isinstance(problem, kind)), "") + str(problem)


def say_fault(fault: Exception) -> None:
    """That the program itself is at fault; the trace is for who mends it, in a file."""
    place = _keep_trace(fault)
    say_problem(
        f"程序自身出错，不是您的操作有误（{type(fault).__name__}: {fault}）；请把 "
        f"{place} 交给维护人员 · "
        f"the program is at fault, not your call; give {place} to who maintains it"
    )


def _keep_trace(fault: BaseException) -> str:
    """The stack trace in a file of its own; its name."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="jibao-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write("".join(traceback.format_exception(fault)))
    return file.name


class WithoutTraces(logging.Filter):
    """A log that a person reads on the screen: what went wrong in words, the trace in a file."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the line stays, and names the file."""
        message = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            message += f" ({_keep_trace(record.exc_info[1])})"
            record.exc_info = record.exc_text = None
        record.msg, record.args = show_control(message), ()
        return True


def require_file(path: Path) -> None:
    """Raises FileNotFoundError in words; a path as the manifest has it begins below `raw/`."""
    if path.is_file():
        return
    if path.is_dir():
        raise IsADirectoryError(f"{path} 是文件夹，不是文件 · {path} is a folder, not a file")
    zh, en = "", ""
    if ("raw" / path).is_file():
        zh, en = f"，是不是 raw/{path}？", f"; is it raw/{path}?"
    elif path.parent.is_dir() and (
        near := difflib.get_close_matches(path.name, [p.name for p in path.parent.iterdir()], 3)
    ):
        zh, en = f"，是不是 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?"
    raise FileNotFoundError(f"没有文件 {path}{zh} · there is no file {path}{en}")


def check_output(output: Path, warehouse: Path) -> None:
    """Raises ValueError for a place in the warehouse's folder, where only a run writes, and
    FileNotFoundError where there is no folder to write to.
    """
    if output.resolve().is_relative_to(warehouse.resolve()):
        raise ValueError(
            f"{output} 在数据仓库的文件夹内，那里只由 jibao run 写入；请用 --output 指定别处 · "
            f"{output} is in the warehouse's folder, where only `jibao run` writes; "
            "give another place with --output"
        )
    if not output.parent.is_dir():
        raise FileNotFoundError(
            f"没有文件夹 {output.parent}，无法写入 {output.name} · "
            f"there is no folder {output.parent} to write {output.name} to"
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
        table.add_column(escape(name), justify="right" if right else "left", overflow="fold")
    rows = relation.fetchmany(1001)
    for row in rows[:1000]:
        table.add_row(*map(_shown, row))
    out.print(table)
    if len(rows) > 1000:
        out.print(
            "[dim]只显示前 1,000 行，--format csv 给出全部 · the first 1,000 rows; "
            "--format csv gives all[/]",
            soft_wrap=True,
        )


_NARROWEST = 9  # characters that a column needs to be read


def _print_records(relation: duckdb.DuckDBPyRelation) -> None:
    """A row as lines of name and value, the value that is not known among them."""
    longest = max(len(name) for name in relation.columns)
    rows = relation.fetchmany(101)
    for row in rows[:100]:
        for name, value in zip(relation.columns, row, strict=True):
            out.print(f"  [dim]{escape(name):<{longest}}[/]  {_shown(value)}", soft_wrap=True)
        out.print()
    shown = min(len(rows), 100)
    zh, en = (
        ("，只显示前这些，--format csv 给出全部", "; the first of them, --format csv gives all")
        if len(rows) > shown
        else ("", "")
    )
    out.print(
        f"{shown} 行{zh} · {shown} {'row' if shown == 1 else 'rows'}{en}",
        soft_wrap=True,
    )


def _shown(value: object) -> str:
    """Doubles to four decimals, decimals without idle zeros; the values themselves are in `--format
    csv`. What is not known is `NULL`, an empty text is empty.
    """
    if value is None:
        return "[dim]NULL[/]"
    if isinstance(value, float):
        return f"{value:.4f}"
    text = str(value)
    return (
        text.rstrip("0").rstrip(".")
        if type(value).__name__ == "Decimal" and "." in text
        else escape(text)
    )
