"""Tables of what people decided, kept in `raw/`: a line a decision, every cell text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flows.model.clock import as_utc
from flows.model.whole_file import open_lines, write_lines

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Line = TypeVar("Line", bound=DataclassInstance)


def open_decisions(path: Path, kind: type[Line], moment: str) -> list[Line]:
    """The lines of a table as `kind`, whose column `moment` says when; none where there is no file.

    Raises ValueError with the remedy where the table cannot be read.
    """
    lines = open_lines(path, [f.name for f in fields(kind)])
    for line in lines:
        try:
            as_utc(line.cells[moment])
        except ValueError as error:
            raise ValueError(
                f"{path} 无法读取：第 {line.number} 行 {moment} “{line.cells[moment]}”不是时间，"
                "应写作 2022-11-05T09:00:00+08:00，或从版本库、备份取回 · "
                f"cannot be read: line {line.number}, {moment} "
                f"“{line.cells[moment]}” is no time; write it as 2022-11-05T09:00:00+08:00, "
                "or take it back from version control or the backup"
            ) from error
    return [kind(**line.cells) for line in lines]


def save_decisions(path: Path, kind: type[Line], lines: Iterable[Line]) -> None:
    """Write the whole table, in one atomic step."""
    write_lines(path, [f.name for f in fields(kind)], [asdict(line) for line in lines])
