"""Tables whose quarters stand down the rows, of lines side by side or of a line a row."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import pyarrow as pa

from flows.forms.form import Form
from flows.model.finding import Finding
from flows.model.name import tidy_heading
from flows.model.period import Period
from flows.model.submission import Heading, letter_of
from flows.model.text import clean
from flows.model.unit import load_units
from flows.read.grid import Grid
from flows.read.heading_periods import HeadingPeriods, is_annual
from flows.read.heading_rows import columns_of
from flows.read.labels import QUARTER_SPANS, read_label
from flows.read.layout import Layout, MakeFinding
from flows.read.table import find_layouts
from flows.read.units import find_unit_line, settle_units

_LOOKED_AT = 4  # columns from the left in which quarters stand
_HEADING_ROWS = 3
_NO_QUARTER = Period(1949, 1)  # a cell without a year is of no quarter


@dataclass(frozen=True)
class DownTable:
    """A column of quarters: where it stands, the quarter of each row from 1, the headings above."""

    column: int
    rows: dict[int, Period]
    first_header_row: int
    header_row: int


@dataclass
class _Line:
    """A line of the form and the columns of its figures, with what stands over them."""

    text: str = ""
    columns: dict[str, tuple[int, str]] = field(default_factory=dict)  # value, growth_pct, alone


def list_quarters_down(form: Form, grids: list[Grid]) -> set[Period]:
    """The quarters that stand down the rows of a file; none where it is not laid out so."""
    periods: set[Period] = set()
    for grid in grids:
        down = None if grid.is_hidden else find_table(grid)
        if down and (_names_lines(form, grid) or _find_lines(form, grid, down)[0]):
            periods |= set(down.rows.values())
    return periods


def find_table(grid: Grid) -> DownTable | None:
    """The first column that names two or more quarters in full, each row one, below a heading."""
    periods = HeadingPeriods(_NO_QUARTER, is_annual(grid))
    for column in range(min(_LOOKED_AT, grid.table.num_columns)):
        rows: dict[int, Period] = {}
        latest = None
        for row, text in enumerate(grid.table.column(str(column)).to_pylist(), start=1):
            period, rest, in_full = periods.find(text) if text else (None, "", False)
            if period is not None and in_full and not clean(rest):
                latest = period
            elif text:
                latest = None
            # a quarter that is merged over the rows of its lines stands in the first of them
            if latest is not None and any(_cells_of(grid, row)):
                rows[row] = latest
        if len(set(rows.values())) > 1 and min(rows) > 1:
            return _with_headings(grid, column, rows)
    return None


def _with_headings(grid: Grid, column: int, rows: dict[int, Period]) -> DownTable:
    last = first = min(rows) - 1
    while first > max(1, last - _HEADING_ROWS + 1) and _is_heading(grid, first - 1):
        first -= 1
    return DownTable(column, rows, first, last)


def _is_heading(grid: Grid, row: int) -> bool:
    cells = [cell for cell in _cells_of(grid, row) if cell]
    return len(cells) > 1 and not any("单位" in cell and ":" in clean(cell) for cell in cells)


def _cells_of(grid: Grid, row: int) -> list[str | None]:
    if row <= len(grid.head):
        return grid.head[row - 1]
    return [column[row - 1].as_py() for column in grid.table.columns]


def find_down(
    form: Form, grid: Grid, asked: Period, make: MakeFinding
) -> tuple[Grid, list[Layout], list[Finding]] | None:
    """The tables of a sheet of quarters down the rows, for the quarter asked for, and the sheet as
    it is to be read. None where the sheet has no such table.
    """
    down = find_table(grid)
    if down is None:
        return None
    if _names_lines(form, grid):
        return _find_among_rows(form, grid, down, asked, make)
    lines, strange = _find_lines(form, grid, down)
    if not lines:
        return None
    layouts: list[Layout] = []
    findings: list[Finding] = []
    of_quarter = {period: row for row, period in down.rows.items()}
    row = of_quarter.get(asked)
    if row is None:
        return grid, [Layout(down.first_header_row, down.header_row, 0, is_elsewhere=True)], []
    before = of_quarter.get(asked.previous()) if asked.quarter > 1 else None
    for line in lines:
        layout = _lay_out(grid, down, line, row, before)
        layout.years = {period.year for period in down.rows.values()}
        findings += settle_units(form, grid, layout, make)
        layouts.append(layout)
    layouts[0].strange_lines = strange
    return grid, layouts, findings


def _find_among_rows(
    form: Form, grid: Grid, down: DownTable, asked: Period, make: MakeFinding
) -> tuple[Grid, list[Layout], list[Finding]]:
    """A table whose rows each name a line and a quarter: the sheet without other quarters' rows,
    and without the column of quarters, is one of the form.
    """
    others = {row for row, period in down.rows.items() if period != asked}
    names = grid.table.column_names
    head: list[list[str | None]] = [
        [None] * len(cells)
        if row in others
        else [
            None if i == down.column and row >= down.header_row else c for i, c in enumerate(cells)
        ]
        for row, cells in enumerate(grid.head, start=1)
    ]
    columns = []
    for name in names:
        texts = grid.table.column(name).to_pylist()
        is_dates = name == str(down.column)
        kept = [
            None if row in others or (is_dates and row >= down.header_row) else text
            for row, text in enumerate(texts, start=1)
        ]
        columns.append(pa.array(kept, pa.string()))
    shown = dataclasses.replace(grid, head=head, table=pa.table(columns, names=names))
    layouts, findings = find_layouts(form, shown, asked, make)
    for layout in layouts:
        layout.kind = "down"
        layout.years = {period.year for period in down.rows.values()}
        layout.is_elsewhere = asked not in down.rows.values()
    return shown, layouts, findings if asked in down.rows.values() else []


def _names_lines(form: Form, grid: Grid) -> bool:
    """Whether a heading says that lines stand down the rows."""
    spellings = {s for c in form.columns if c.name == "indicator" for s in c.spellings}
    return any(cell and tidy_heading(cell) in spellings for row in grid.head for cell in row)


def _find_lines(
    form: Form, grid: Grid, down: DownTable
) -> tuple[list[_Line], list[tuple[int, str]]]:
    """The lines that stand side by side, and the headings that are none of the form's."""
    names = {s: line.code for line in form.indicators for s in line.spellings}
    lines: dict[str, _Line] = {}
    strange: list[tuple[int, str]] = []
    code = None
    cells = list(columns_of(grid, down.first_header_row, down.header_row))
    for index, parts in enumerate(cells):
        texts = [f"（{p.text}）" if clean(p.text) in load_units() else p.text for p in parts]
        if index == down.column or not texts:
            continue
        shown = " ".join(texts)
        own, kind = _read_heading(form, texts, names)
        code = own or (code if kind and len(texts) == 1 else None)
        if code is None or kind is None:
            strange.append((down.header_row, f"{letter_of(index)}: {shown}"))
            continue
        line = lines.setdefault(code, _Line())
        if kind == "value":
            line.text = next((t for t in texts if _line_in(t, names)), texts[0])
        line.columns.setdefault(kind, (index, shown))
    return [line for line in lines.values() if "value" in line.columns], strange


def _read_heading(
    form: Form, texts: list[str], names: dict[str, str]
) -> tuple[str | None, str | None]:
    """The line that the cells over a column name, and whether they name its level (`value`), its
    growth (`growth_pct`) or a quarter alone (`alone`); None for what they do not name.
    """
    fields = {s: c.name for c in form.columns for s in c.spellings}
    code, kind = None, None
    for text in texts:
        label = read_label(text)
        line = _line_in(text, names)
        if line:
            code = names[line]
            if label.is_index:
                return code, None
            if label.span in QUARTER_SPANS:
                return code, "alone"
            kind = "growth_pct" if label.is_growth else kind or "value"
        elif (name := fields.get(tidy_heading(text))) in ("value", "growth_pct"):
            kind = name
        elif rest := _growth_of(text, fields, names):
            code, kind = names[rest], "growth_pct"
        elif not clean(text).strip("()"):
            continue
        elif clean(text).strip("()") not in load_units():
            return code, None
    return code, kind


def _line_in(text: str, names: dict[str, str]) -> str | None:
    for spelling in (tidy_heading(text), tidy_heading(read_label(text).line)):
        if spelling in names:
            return spelling
    return None


def _growth_of(text: str, fields: dict[str, str], names: dict[str, str]) -> str | None:
    """The line of a heading such as `地区生产总值同比增长(%)`."""
    tidy = tidy_heading(text)
    for word, name in fields.items():
        if name == "growth_pct" and tidy.endswith(word):
            rest = tidy.removesuffix(word).rstrip("_的")
            if rest in names:
                return rest
    return None


def _lay_out(grid: Grid, down: DownTable, line: _Line, row: int, before: int | None) -> Layout:
    """A line's figures of one quarter as a table of one row."""
    above = grid.head[: down.first_header_row - 1]
    layout = Layout(
        down.first_header_row,
        row - 1,
        row,
        kind="down",
        unit_line=find_unit_line(above, 0),
        line=line.text,
        before=before,
    )
    layout.titles = [
        (number, letter_of(index), cell)
        for number, cells in enumerate(above, start=1)
        for index, cell in enumerate(cells)
        if cell
    ]
    for name, (index, text) in line.columns.items():
        if name == "alone":
            layout.alone = (index, text)
            layout.notes.append(f"{down.header_row}: {letter_of(index)}: {text} (quarter alone)")
        else:
            layout.indexes[name] = index
            layout.headings[name] = Heading(letter_of(index), text)
    index, text = line.columns["value"]
    layout.headings["indicator"] = Heading(letter_of(index), text)
    return layout
