"""The cells that stand over each column of a table, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows.model.text import clean
from flows.model.unit import find_unit, load_units
from flows.read.grid import Grid


@dataclass(frozen=True)
class Part:
    """A cell among the heading rows as one column sees it; `spans` where it stands over several
    columns.
    """

    text: str
    spans: bool


def columns_of(grid: Grid, first: int, last: int) -> Iterator[list[Part]]:
    """For each column the cells over it from top to bottom, those of a group repeated over its
    columns.
    """
    rows = [_spread(grid, n, last) for n in range(first, last + 1)]
    for column in zip(*rows, strict=True):
        parts = [part for part in column if part]
        yield [
            part
            for n, part in enumerate(parts)
            if n == 0 or clean(part.text) != clean(parts[n - 1].text)
        ]


def _spread(grid: Grid, number: int, last: int) -> list[Part | None]:
    """One heading row with its groups written over every column they stand over.

    A workbook says which cells are merged. Elsewhere a blank belongs to the cell on its left where
    a row of headings below it is filled.
    """
    row = grid.head[number - 1]
    spread = [Part(cell, spans=False) if cell else None for cell in row]
    merged = [r for r in grid.merged if r[0] <= number - 1 <= r[2] and r[3] > r[1]]
    for top, left, _, right in merged:
        text = grid.head[top][left] if top < len(grid.head) and left < len(row) else None
        for index in range(left, min(right + 1, len(row))):
            spread[index] = Part(text, spans=True) if text else None
    if merged:
        return spread
    below = (
        [any(cells) for cells in zip(*grid.head[number:last], strict=True)]
        if last > number
        else [False] * len(row)
    )
    for index in range(1, len(row)):
        left_part = spread[index - 1]
        if (
            spread[index] is None
            and left_part
            and below[index]
            and (left_part.spans or below[index - 1])
        ):
            spread[index - 1] = spread[index] = Part(left_part.text, spans=True)
    return spread


_STEMS = "甲乙丙丁戊己庚辛壬癸"


def numbers_columns(row: list[str | None], above: list[str | None]) -> bool:
    """Whether a row below the headings only numbers the columns: `甲 乙 1 2`, or `1 2 3 4`."""
    cells = [clean(cell) if cell else "" for cell in row]
    filled = [cell.strip("()[]") for cell in cells if cell]
    if len(filled) < 2 or any(
        bool(cell) and not head for cell, head in zip(cells, above, strict=True)
    ):
        return False
    stems = [cell for cell in filled if cell in _STEMS]
    numbers = [cell for cell in filled if cell not in _STEMS]
    return (
        filled == [*_STEMS[: len(stems)], *map(str, range(1, len(numbers) + 1))]
        and len(filled) >= sum(bool(head) for head in above) - 1
    )


def finishes(
    row: list[str | None], above: list[str | None], is_heading: Callable[[str], bool]
) -> bool:
    """Whether a row below the headings holds nothing but their units (`（亿元）`, `%`) and what is
    left of a name that was cut in two (`指标` over `名称`).
    """
    filled = [(cell, heading) for cell, heading in zip(row, above, strict=True) if cell]
    units = load_units()
    return bool(filled) and all(
        heading
        and len(cell) <= 8
        and (
            is_heading(heading + cell)
            or (not find_unit(heading) and clean(cell).strip("()[]【】") in units)
        )
        for cell, heading in filled
    )
