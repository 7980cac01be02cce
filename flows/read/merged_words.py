"""Words that are merged over several rows of a table (`计量单位`): they are spread over them."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from flows.forms.form import Form
from flows.read.grid import Grid
from flows.read.layout import Layout


def spread_merged(form: Form, grid: Grid, layout: Layout) -> Grid:
    """The grid with words that are merged over rows of the table in each of these rows.

    A figure is never spread: of which row it is, or whether it is of all together, is asked.
    """
    table = grid.table
    figures = list_figures(form, layout)
    for name, index in layout.indexes.items():
        if name in figures:
            continue
        others = [i for i in layout.indexes.values() if i != index]
        texts: list[str | None] | None = None
        for top, left, bottom, right in grid.merged:
            if (left, right) != (index, index) or top == bottom or top < layout.header_row:
                continue
            texts = table.column(str(index)).to_pylist() if texts is None else texts
            for row in range(top + 1, min(bottom + 1, layout.last_row)):
                if any(table.column(str(i))[row].is_valid for i in others):
                    texts[row] = texts[row] or texts[top]
        if texts is not None:
            at = table.column_names.index(str(index))
            table = table.set_column(at, str(index), pa.array(texts, pa.string()))
    return grid if table is grid.table else dataclasses.replace(grid, table=table)


def list_figures(form: Form, layout: Layout) -> dict[str, int]:
    """The columns of the table that hold figures, with where they stand."""
    numeric = {c.name for c in form.columns if c.numeric}
    if form.kind == "indicator":
        numeric = {"value", "growth_pct"}
    return {name: index for name, index in layout.indexes.items() if name in numeric}
