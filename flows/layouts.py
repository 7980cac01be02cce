"""Noun: a layout, where the form's table stands on a sheet and which field each column is.

In: a `Grid` and a `Form`. Out: `Layout`s, or the findings that say why the sheet cannot be read.
Headings are known by the synonyms of the form; what is not known is a finding, never dropped.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from flows.findings import Finding
from flows.forms import Form, tidy_heading
from flows.grids import Grid
from flows.periods import Period, find_period
from flows.submissions import Heading, letter_of
from flows.units import find_unit

_NOTE = re.compile(
    r"^[\s(（【*]*(注|备注|说明|附注|数据来源|资料来源|填表人|制表|单位负责人|统计负责人|审核|报出日期|填报|联系|note|source)", re.I
)
_UNIT_LINE = re.compile(r"单位\s*[:：]")

MakeFinding = Callable[..., Finding]  # rules.make_finding with the submission filled in


@dataclass
class Layout:
    """One table on a sheet. Rows count from 1, as the sender's program numbers them."""

    header_row: int
    headings: dict[str, Heading]
    indexes: dict[str, int]
    last_row: int
    unit_line: str | None = None
    period: Period | None = None
    notes: list[str] = field(default_factory=list)


def find_layouts(form: Form, grid: Grid, found: MakeFinding) -> tuple[list[Layout], list[Finding]]:
    """Every table of the form on the sheet, with what is wrong with their headings."""
    spellings = {s: c.name for c in form.columns for s in c.spellings}
    headers = _header_rows(form, grid, spellings)
    layouts, findings = [], []
    for at, row in enumerate(headers):
        last = headers[at + 1] - 1 if at + 1 < len(headers) else grid.table.num_rows
        above = grid.head[(headers[at - 1] if at else 0) : row - 1]
        layout = Layout(row, {}, {}, last, unit_line=_unit_line(above))
        layout.period = next((p for r in above for c in r if c and (p := find_period(c))), None)
        findings += _map_headings(form, grid, layout, spellings, found)
        layouts.append(layout)
    return layouts, findings


def _header_rows(form: Form, grid: Grid, spellings: dict[str, str]) -> list[int]:
    """Rows that hold most of the headings of the best row; a row of data seldom holds two."""
    counts = [len({spellings[t] for c in row if c and (t := tidy_heading(c)) in spellings}) for row in grid.head]
    best = max(counts, default=0)
    enough = max(2 if len(form.columns) > 1 else 1, best * 2 // 3)
    rows = [n for n, count in enumerate(counts, start=1) if count >= enough]
    return [n for n in rows if n - 1 not in rows]


def _unit_line(above: list[list[str | None]]) -> str | None:
    for row in above:
        for cell in row:
            if cell and _UNIT_LINE.search(cell) and find_unit(cell):
                return cell
    return None


def _map_headings(form: Form, grid: Grid, layout: Layout, spellings: dict[str, str], found: MakeFinding) -> list[Finding]:
    findings = []
    header = grid.head[layout.header_row - 1]
    ignored = {tidy_heading(h) for h in form.ignored_headings}
    for index, cell in enumerate(header):
        name = spellings.get(tidy_heading(cell)) if cell else None
        place = {"sheet": grid.sheet, "row": layout.header_row, "letter": letter_of(index)}
        if name in layout.headings:
            other = layout.headings[name]
            findings.append(found("LAYOUT-DUPLICATE", value=cell, other=f"{other.letter}{layout.header_row}", **place))
        elif name:
            layout.headings[name] = Heading(letter_of(index), cell or "", find_unit(cell or "") or find_unit(layout.unit_line or ""))
            layout.indexes[name] = index
        elif not (cell and tidy_heading(cell) in ignored) and _holds_data(grid, layout, index):
            findings.append(found("LAYOUT-UNKNOWN", value=cell, **_suggest(form, cell), **place))
    shown = "、".join(c for c in header if c)
    for column in form.columns:
        if column.present and column.name not in layout.headings:
            findings.append(found("LAYOUT-MISSING", sheet=grid.sheet, row=layout.header_row, expected=column.title.zh, headings=shown))
    return findings


def _holds_data(grid: Grid, layout: Layout, index: int) -> bool:
    below = grid.table.column(str(index)).slice(layout.header_row, layout.last_row - layout.header_row)
    return below.null_count < len(below)


def _suggest(form: Form, cell: str | None) -> dict[str, str]:
    titles = [c.title.zh for c in form.columns] + [h for c in form.columns for h in c.headings]
    near = difflib.get_close_matches(cell or "", titles, n=1, cutoff=0.5)
    return {
        "expected": "、".join(c.title.zh for c in form.columns),
        "hint_zh": f"；是不是“{near[0]}”？" if near else "",
        "hint_en": f"; did you mean “{near[0]}”?" if near else "",
    }


def cut_rows(grid: Grid, layout: Layout, names: list[str]) -> pa.Table:
    """The rows of data below the headings: `_row` and a text column a field. Blank rows and notes go.

    A note is a row with nothing but its first cell filled and words that open a note or no field at
    all; it is kept in `layout.notes`, so that nothing vanishes.
    """
    start, length = layout.header_row, layout.last_row - layout.header_row
    body = grid.table.slice(start, length)
    filled = _count_filled(body, range(body.num_columns))
    mapped = _count_filled(body, layout.indexes.values())
    lone = pc.and_(pc.less_equal(filled, 1), pc.greater(filled, 0))
    keep = pc.greater(mapped, 0)
    doubtful = pc.or_(lone, pc.and_(pc.equal(mapped, 0), pc.greater(filled, 0)))
    for n in pc.indices_nonzero(doubtful).to_pylist() if length else []:
        text = " ".join(c for c in (col[n].as_py() for col in body.columns) if c)
        if len(layout.indexes) > 1 or _NOTE.match(text):
            layout.notes.append(f"{start + n + 1}: {text}")
            keep = pc.if_else(pc.equal(pa.array(range(length)), n), False, keep) if length < 10_000 else _clear(keep, n)
    rows = pa.array(range(start + 1, start + 1 + length), pa.int32())
    columns = {"_row": rows}
    for name in names:
        index = layout.indexes.get(name)
        columns[name] = body.column(str(index)) if index is not None else pa.nulls(length, pa.string())
    return pa.table(columns).filter(keep)


def _count_filled(body: pa.Table, indexes: object) -> pa.ChunkedArray | pa.Array:
    total = pa.array([0] * body.num_rows, pa.int32()) if body.num_rows < 10_000 else pa.repeat(pa.scalar(0, pa.int32()), body.num_rows)
    for index in indexes:  # type: ignore[attr-defined]
        total = pc.add(total, pc.cast(pc.is_valid(body.column(str(index))), pa.int32()))
    return total


def _clear(mask: pa.ChunkedArray, n: int) -> pa.ChunkedArray:
    values = mask.to_numpy(zero_copy_only=False).copy()
    values[n] = False
    return pa.chunked_array([values])
