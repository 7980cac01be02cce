"""Tables of a page whose cells have bars: the sectors' shares, growth and pull, industries' growth.

A bar is as long as its figure; the number beside it carries its proof like any other. The table is
read aloud as one, so that nothing has to be said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.publish.bulletin import place_pulls
from flows.publish.bulletin_numbers import Accessor, TemplateLine
from flows.publish.bulletin_rows import Row
from flows.publish.bulletin_sql import FIGURE

_SECTORS = ("primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Bar:
    """A cell: its text with the marks of its number, and where its bar is, in per cent."""

    text: str
    x: float = 0
    width: float = 0
    zero: float = 0


@dataclass(frozen=True)
class BarTable:
    """A table by row: two titles, the colour's name, and a bar a column. Its title and its headings
    are among the words of `flows.publish.bulletin_words`.
    """

    name: str
    headings: tuple[str, ...]
    rows: list[tuple[str, str, str, list[Bar]]]


def draw_sectors(accessor: Accessor, figures: Sequence[Row]) -> BarTable | None:
    """The three sectors; None unless each has been sent with its growth."""
    rows_by_line = {row["bulletin_line"]: row for row in figures}
    sectors = [rows_by_line.get(f"va_{sector}") for sector in _SECTORS]
    if not all(row and row["growth_number"] for row in sectors):
        return None
    pulls = [rows_by_line.get(f"pull.{s}") or rows_by_line.get(f"drag.{s}") for s in _SECTORS]
    columns = [
        _column(accessor, [rows_by_line.get(f"share.{s}") for s in _SECTORS], "number_zh"),
        _column(accessor, sectors, "growth_number"),
        _column(accessor, pulls, "number_zh"),
    ]
    headings = ("sector", "share_pct", "growth_pct", "contribution_pp")
    rows = [row for row in sectors if row]
    return BarTable("sector_bars", headings, _rows(accessor, rows, columns, _SECTORS))


def draw_industries(accessor: Accessor, figures: Sequence[Row]) -> BarTable | None:
    """Industries by their growth, as they were sent; None where fewer than three were."""
    rows = [r for r in figures if r["industry"] is not None and r["growth_number"]]
    if len(rows) < 3:
        return None
    columns = [_column(accessor, rows, "growth_number")]
    colours = ["secondary"] * len(rows)
    return BarTable(
        "industry_bars", ("industry", "growth_pct"), _rows(accessor, rows, columns, colours)
    )


def _rows(
    accessor: Accessor, rows: list[Row], columns: list[list[Bar]], colours: Sequence[str]
) -> list[tuple[str, str, str, list[Bar]]]:
    return [
        (
            accessor.settle(accessor.wording(row["title_zh"])),
            accessor.settle(accessor.wording(row["title_en"])),
            colour,
            [column[number] for column in columns],
        )
        for number, (row, colour) in enumerate(zip(rows, colours, strict=True))
    ]


def _column(accessor: Accessor, rows: Sequence[Row | None], column: str) -> list[Bar]:
    """Bars to both sides of zero; a dash for what is not known."""
    sizes = [None if row is None else _size(row, column) for row in rows]
    placed = iter(place_pulls([{"contribution_pp": size} for size in sizes]))
    bars = []
    for row, size in zip(rows, sizes, strict=True):
        if row is None or size is None:
            bars.append(Bar("—"))
            continue
        is_change = column == "growth_number" or "share" not in row["bulletin_line"]
        sign = "" if not size or not is_change else "+" if size > 0 else "−"
        text = accessor.settle(f"{sign}{getattr(TemplateLine(accessor, FIGURE, row), column)}")
        place = next(placed)
        bars.append(Bar(text, place["x"], place["width"], place["zero"]))
    return bars


def _size(row: Row, column: str) -> float | None:
    size = row["growth_pct"] if column == "growth_number" else row["value"]
    if size is None:
        return None
    return -float(size) if row["bulletin_line"].startswith("drag.") else float(size)
