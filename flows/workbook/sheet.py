"""A sheet that we draw: cells by row and column from 1, its sizes, links, comments and pages."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.model.submission import letter_of
from flows.workbook.looks import PLAIN, Font, Style


class Run(NamedTuple):
    """A piece of the text of a cell, in a font of its own."""

    text: str
    font: Font


Value = str | int | tuple[Run, ...] | None


class Link(NamedTuple):
    """Where a cell leads to in the workbook, and what is said of it before."""

    location: str
    tip: str


class Comment(NamedTuple):
    """What stands beside a cell, and how large it opens, in pixels."""

    text: str
    width: int
    height: int


class Prompt(NamedTuple):
    """What is said to who writes into one of the cells."""

    title: str
    text: str
    cells: list[str]


class Page(NamedTuple):
    """Printed on A4 across, as wide as one page; margins in inches, the footer in the middle."""

    margin: float
    footer: str
    repeated: str  # rows on each page, as `11:11`


@dataclass
class Sheet:
    """A sheet. `frozen`: the rows that stay in sight; `is_extract`: rows without a height of their
    own are not shown.
    """

    name: str
    cells: dict[int, dict[int, tuple[Value, Style]]] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    heights: dict[int, float] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    prompt: Prompt | None = None
    page: Page | None = None
    frozen: int = 0
    is_extract: bool = False

    def put(self, row: int, column: int, value: Value, style: Style = PLAIN) -> None:
        """Write a cell, its looks with it."""
        self.cells.setdefault(row, {})[column] = value, style

    def style_of(self, row: int, column: int) -> Style:
        """How a cell looks, whether or not it was written."""
        return self.cells.get(row, {}).get(column, (None, PLAIN))[1]

    def restyle(self, row: int, column: int, style: Style) -> None:
        """Another look for a cell; its value stays."""
        value, _ = self.cells.get(row, {}).get(column, (None, PLAIN))
        self.put(row, column, value, style)


@functools.cache
def address_of(row: int, column: int) -> str:
    """A1 for the first cell."""
    return f"{letter_of(column - 1)}{row}"


def unused(name: str, names: Iterable[str]) -> str:
    """A name for a sheet that none of the others has."""
    taken = {other.casefold() for other in names}
    numbered = (f"{name}{number}" for number in itertools.count(1))
    return next(n for n in itertools.chain([name], numbered) if n.casefold() not in taken)
