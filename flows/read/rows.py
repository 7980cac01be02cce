"""The rows of data below the headings of a table, as text, a column a field.

What is no data is put away and said: notes go to `Layout.notes`, total rows to `Layout.totals`, and
lines of another span than the form's (`当季值`) to `Layout.other_lines`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forms.form import Form
from flows.model.name import tidy_heading
from flows.read.grid import Grid, count_filled
from flows.read.labels import read_label, settle_labels
from flows.read.layout import FOOT_ROWS, NOTE, Layout, is_note_like
from flows.read.text_columns import join_cut_figures, keep_words
from flows.read.totals import find_totals

_FAULT = r"^(#(DIV/0!|N/A|REF!|VALUE!|NAME\?|NUM!|NULL!)$|=\S)"


def cut_rows(form: Form, grid: Grid, layout: Layout) -> pa.Table:
    """The rows of data below the headings: `_row` and a text column a field. Blank rows, notes and
    totals go.

    A note is a row that fills no column of the form, or only the first and there holds no line of
    the form or opens with the words of a note; it is kept in `layout.notes`, so that nothing
    vanishes.
    """
    start, length = layout.header_row, layout.last_row - layout.header_row
    body = grid.table.slice(start, length)
    filled = np.asarray(count_filled(body, range(body.num_columns)))
    mapped = np.asarray(count_filled(body, layout.indexes.values()))
    keep = mapped > 0
    is_foot = np.arange(length) >= length - FOOT_ROWS
    doubtful = ((mapped <= 1) | is_foot) & (filled > 0) & (layout.line is None)
    lines = {s for i in form.indicators for s in i.spellings}
    dropped = find_totals(form, body, layout) if form.kind == "register" else []
    for n in np.flatnonzero(doubtful).tolist():
        cells = [column[n].as_py() for column in body.columns]
        if n not in dropped and _is_note(cells, layout, lines):
            layout.notes.append(f"{start + n + 1}: {' '.join(c for c in cells if c)}")
            layout.note_cells += [(start + n + 1, i, c) for i, c in enumerate(cells) if c]
            dropped.append(n)
    keep[dropped] = False
    rows = pa.array(np.arange(start + 1, start + 1 + length, dtype=np.int32))
    columns: dict[str, Any] = {"_row": rows}
    for name in (c.name for c in form.columns):
        index = layout.indexes.get(name)
        columns[name] = (
            body.column(str(index)) if index is not None else pa.nulls(length, pa.string())
        )
    if layout.line is not None:
        columns["indicator"] = pa.repeat(pa.scalar(layout.line), length)
    if grid.encoding is None:  # a workbook
        _blank_faults(form, columns, layout)
    elif form.kind == "indicator":
        join_cut_figures(grid, layout, columns)
    table = pa.table(columns)
    table = table if keep.all() else table.filter(pa.array(keep))
    if form.kind != "indicator":
        return table
    return keep_words(settle_labels(table, layout, lines), layout)


def _blank_faults(form: Form, columns: dict[str, Any], layout: Layout) -> None:
    """Formulas that failed are no words: such cells of text are blank, and kept in `layout.faults`.
    Numbers are refused later.
    """
    worded = [
        c.name
        for c in form.columns
        if c.type == "text" and not c.codes and not c.code_table and c.name in layout.indexes
    ]
    for name in worded if form.kind == "register" else ["note"]:
        column = columns.get(name)
        if column is None or column.null_count == len(column):
            continue
        failed = pc.fill_null(pc.match_substring_regex(column, _FAULT), False)
        at = pc.indices_nonzero(failed).to_pylist()
        if at:
            layout.faults.append(
                (name, column[at[0]].as_py(), [columns["_row"][n].as_py() for n in at])
            )
            columns[name] = pc.if_else(failed, None, column)


def _is_note(cells: list[str | None], layout: Layout, lines: set[str]) -> bool:
    """Whether a row is a note rather than data.

    It is one where every cell opens like a note (`填表人：`), or where no more than the first
    column of the form is filled, with no line of the form. A lone figure is data: it lost its name.

    """
    if is_note_like(cells):
        return True
    mapped = [index for index in layout.indexes.values() if cells[index]]
    if len(mapped) > 1 or len(layout.indexes) == 1:
        return False
    if not mapped:
        return True
    text = cells[mapped[0]] or ""
    named_lines = {tidy_heading(text), tidy_heading(read_label(text).line)} & lines
    return mapped[0] == min(layout.indexes.values()) and (
        bool(NOTE.match(text)) or (bool(lines) and not named_lines)
    )
