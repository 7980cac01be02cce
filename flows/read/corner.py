"""Columns that are known by what stands in them: the lines of the form under a blank corner, and
columns of codes, offices and persons, whose words are heard.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flows.forms.form import Form
from flows.model.name import tidy_heading
from flows.read.grid import Grid
from flows.read.headings import Head
from flows.read.labels import read_label
from flows.read.layout import Layout

_WORDS = re.compile(r"[A-Za-z一-龥]{2}|\d[月季年]")


def name_corner(form: Form, grid: Grid, heads: list[Head], last: int) -> list[Head]:
    """The headings, where none is of the names: the first column is theirs if it has no heading
    and two lines of the form below it, as published tables leave the corner blank.
    """
    names = {head.name for head in heads}
    if form.kind != "indicator" or "indicator" in names or "value" not in names or heads[0].text:
        return heads
    lines = {s for line in form.indicators for s in line.spellings}
    below = [row[0] for row in grid.head[last:] if row[0]]
    named = [t for t in below if {tidy_heading(t), tidy_heading(read_label(t).line)} & lines]
    if len(named) < min(2, len(form.indicators)):
        return heads
    return [replace(heads[0], text="", name="indicator"), *heads[1:]]


def hear_words(grid: Grid, layout: Layout, index: int) -> None:
    """Take the words of a column that is not read for notes: they may say what the figures are."""
    start, length = layout.header_row, layout.last_row - layout.header_row
    cells = grid.table.column(str(index)).slice(start, length).to_pylist()
    for row, cell in enumerate(cells, start=start + 1):
        if cell and _WORDS.search(cell):
            layout.note_cells.append((row, index, cell))
