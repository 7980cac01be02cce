"""Mends to the columns of a table as text: figures cut by a comma, words to keep."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

from flows.read.grid import Grid
from flows.read.layout import Layout

_HEAD_OF_CUT = re.compile(r"[+-]?\d{1,3}")
_TAIL_OF_CUT = re.compile(r"\d{3}(?:\.\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")


def join_cut_figures(grid: Grid, layout: Layout, columns: dict[str, Any]) -> None:
    """`34,125,6.0,` without quotes, one cell wider than the headings: 34125 and 6.0.

    Only where the row is wider than the headings, the level is one to three figures, the cell
    behind it is three more, and the growth stands where no growth can (in the note). Not where
    another level has decimals: 34125 beside 37.66 is no likelier than 34.125.
    """
    at = layout.indexes
    if "note" not in at:
        _find_cut_figures(grid, layout, columns)
        return
    if not {"value", "growth_pct"} <= set(at) or not _is_in_turn(at):
        return
    if grid.table.num_columns <= at["note"] + 1:
        return
    notes = columns["note"]
    if notes.null_count == len(notes):
        return
    values, growths, texts = (columns[n].to_pylist() for n in ("value", "growth_pct", "note"))
    if any("." in (value or "") for value in values):
        return
    for n, (value, growth, note) in enumerate(zip(values, growths, texts, strict=True)):
        if (
            _HEAD_OF_CUT.fullmatch(value or "")
            and _TAIL_OF_CUT.fullmatch(growth or "")
            and _NUMBER.fullmatch(note or "")
        ):
            values[n], growths[n], texts[n] = f"{value}{growth}", note, None
            layout.cut_figures.append((columns["_row"][n].as_py(), f"{value},{growth}", True))
    if layout.cut_figures:
        for name, cells in (("value", values), ("growth_pct", growths), ("note", texts)):
            columns[name] = pa.array(cells, pa.string())


def _find_cut_figures(grid: Grid, layout: Layout, columns: dict[str, Any]) -> None:
    """The same where no heading stands over the cell that is too many: the file is refused for it,
    and this says which comma it was.
    """
    at = layout.indexes
    if not {"value", "growth_pct"} <= set(at) or at["growth_pct"] != at["value"] + 1:
        return
    beyond = at["growth_pct"] + 1
    if beyond >= grid.table.num_columns or beyond in at.values():
        return
    whole = grid.table.column(str(beyond))
    if whole[layout.header_row - 1].as_py():
        return
    behind = whole.slice(layout.header_row, len(columns["_row"]))
    cells = zip(
        columns["value"].to_pylist(),
        columns["growth_pct"].to_pylist(),
        behind.to_pylist(),
        strict=True,
    )
    for n, (value, growth, more) in enumerate(cells):
        is_grouped = _HEAD_OF_CUT.fullmatch(value or "") and _TAIL_OF_CUT.fullmatch(growth or "")
        is_wider = behind.null_count and _NUMBER.fullmatch(value or "")  # than other rows
        if not (is_grouped or is_wider) or not _NUMBER.fullmatch(growth or ""):
            continue
        if not _NUMBER.fullmatch(more or ""):
            continue
        # the comma stands behind a whole number: 34,125,6.0 and 41,82,3.6, but 41.82,3,6
        pair = f"{growth},{more}" if "." in value else f"{value},{growth}"
        layout.cut_figures.append((columns["_row"][n].as_py(), pair, False))


def _is_in_turn(at: dict[str, int]) -> bool:
    return at["growth_pct"] == at["value"] + 1 and at["note"] == at["growth_pct"] + 1


def keep_words(table: pa.Table, layout: Layout) -> pa.Table:
    """The rows with the harmless words of titles and headings (初步核算) in their note."""
    words = list(
        dict.fromkeys(r.text for _, _, r in layout.remarks if r.kind == "kept" and r.is_noted)
    )
    if not words or not table.num_rows:
        return table
    word_list = "；".join(words)
    joined = [f"{note}；{word_list}" if note else word_list for note in table["note"].to_pylist()]
    at = table.schema.get_field_index("note")
    return table.set_column(at, "note", pa.array(joined, pa.string()))
