"""Pages of the site that are text and tables, in two languages."""

from __future__ import annotations

from dataclasses import dataclass, field

Pair = tuple[str, str]  # in Chinese and in English


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; `en` where English says it otherwise."""

    zh: str
    en: str | None = None
    href: str | None = None
    is_code: bool = False
    is_asked: bool = False
    bar: tuple[float, float, float] | None = None  # its place, its width and zero, in per cent


@dataclass(frozen=True)
class Table:
    """Rows of cells, each led by its first; `numbers` tells the columns that stand to the right."""

    headings: list[Pair]
    rows: list[list[Cell]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Section:
    """A part of a page: what is said, a table, links, and SQL."""

    title: Pair | None = None
    text: Pair | None = None
    table: Table | None = None
    links: list[Cell] = field(default_factory=list)
    sql: str | None = None
    anchor: str | None = None


@dataclass(frozen=True)
class TablePage:
    """A page of sections. `path` is its place in the site, `crumbs` the pages above it."""

    path: str
    title: Pair
    lead: Pair | None
    sections: list[Section]
    crumbs: list[tuple[str, Pair]] = field(default_factory=list)


def tell(value: object) -> Cell:
    """A cell of a count, a code or a word; a dash for what is not there."""
    return Cell("—" if value is None or value == "" else str(value))


def from_here(path: str) -> str:
    """The way from a page of the site to its folder."""
    return "../" * path.count("/")
