"""Figures of a quarter alone beside the year to date: they check it, and are not loaded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flows.model.errors import NotAQuantityError
from flows.model.finding import Finding
from flows.model.period import Period, parse_period
from flows.model.quantity import Quantity, parse_quantity
from flows.model.submission import Submission, letter_of
from flows.read.grid import Grid
from flows.read.labels import QUARTER_SPANS, Label, read_label
from flows.read.layout import Layout, MakeFinding

Cell = tuple[int, int]  # row from 1, column from 0


def check_quarters_alone(
    grid: Grid, layout: Layout, submission: Submission, make: MakeFinding
) -> list[Finding]:
    """A quarter alone (`当季值`) must be the year to date less that of the quarter before, within
    the rounding of all three; where it is not, its cell is asked about.
    """
    asked = parse_period(submission.period)
    findings = []
    for name, alone, now, before in _list_triples(grid, layout, asked):
        figures = [_read_cell(grid, cell) for cell in (alone, now, before) if cell is not None]
        if any(figure is None for figure in figures):
            continue
        printed, *sums = [(f.value or Decimal(0), f.decimals) for f in figures if f is not None]
        difference = sums[0][0] - (sums[1][0] if len(sums) > 1 else 0)
        bound = sum(Decimal(10) ** -decimals for _, decimals in (printed, *sums)) / 2
        if abs(printed[0] - difference) > bound:
            findings.append(
                make(
                    "VALUE-QUARTER",
                    sheet=grid.sheet,
                    row=alone[0],
                    letter=letter_of(alone[1]),
                    value=_text_at(grid, alone),
                    line=name,
                    difference=f"{difference:f}",
                    terms=" − ".join(
                        f"{_text_at(grid, c)} ({letter_of(c[1])}{c[0]})" for c in (now, before) if c
                    ),
                )
            )
    return findings


def _list_triples(
    grid: Grid, layout: Layout, asked: Period
) -> Iterator[tuple[str, Cell, Cell, Cell | None]]:
    """The name of a line, and the cells of the quarter alone, of its year to date, and of the year
    to date before; None for the last where the quarter is the first of the year.
    """
    if layout.alone is not None:
        alone, heading = layout.alone
        column, row = layout.indexes["value"], layout.last_row
        before = (layout.before, column) if layout.before is not None else None
        if asked.quarter == 1 or before is not None:
            yield heading, (row, alone), (row, column), before
        return
    now = layout.quarters.get(asked)
    earlier = layout.quarters.get(asked.previous()) if asked.quarter > 1 else None
    if now is None or (earlier is None and asked.quarter > 1) or not layout.other_lines:
        return
    labels = {row: read_label(text) for row, text in _list_names(grid, layout)}
    for row, name in layout.other_lines:
        label = labels[row]
        if label.span not in QUARTER_SPANS or label.is_index:
            continue
        sums = [n for n, other in labels.items() if _is_sum_of(other, label)]
        if len(sums) == 1:
            yield name, (row, now), (sums[0], now), (sums[0], earlier) if earlier else None


def _list_names(grid: Grid, layout: Layout) -> Iterator[tuple[int, str]]:
    column = grid.table.column(str(layout.indexes["indicator"]))
    for row in range(layout.header_row + 1, layout.last_row + 1):
        if text := column[row - 1].as_py():
            yield row, text


def _is_sum_of(label: Label, alone: Label) -> bool:
    """Whether a row is the year to date of a row of a quarter alone."""
    same = (label.line, label.unit, label.is_index) == (alone.line, alone.unit, False)
    return same and label.span in ("累计值", None)


def _read_cell(grid: Grid, cell: Cell) -> Quantity | None:
    """The number of a cell; None where it holds none for certain."""
    try:
        quantity = parse_quantity(_text_at(grid, cell))
    except NotAQuantityError:
        return None
    is_plain = quantity.value is not None and quantity.unit is None and quantity.scale == 1
    return quantity if is_plain else None


def _text_at(grid: Grid, cell: Cell) -> str | None:
    text: str | None = grid.table.column(str(cell[1]))[cell[0] - 1].as_py()
    return text
