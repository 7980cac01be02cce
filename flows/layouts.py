"""Noun: a layout, where the form's table stands on a sheet and which field each column is.

In: a `Grid` and a `Form`. Out: `Layout`s, or the findings that say why the sheet cannot be read.
Headings are known by the synonyms of the form; what is not known is a finding, never dropped.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.findings import Finding, Severity
from flows.forms import Form, tidy_heading
from flows.grids import Grid
from flows.periods import Period, find_period
from flows.rules import units_for
from flows.submissions import Heading, letter_of
from flows.units import find_unit, load_units

_NOTE = re.compile(
    r"^[\s(（【*]*(注|备注|说明|附注|数据来源|资料来源|填表人|制表|单位负责人|统计负责人|审核|报出日期|填报|联系|note|source)", re.I
)
# 填报单位, 报送单位 and 编制单位 name an office, not a unit
_UNIT_LINE = re.compile(r"(?<![报送制])单位\s*[:：]\s*(?P<unit>[^\s)）】]+)")
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]\s*$")
# `单位：通辽市统计局` names the sender
_AN_OFFICE = re.compile(r"[局委部门办处会司心区院校站所队厂科室]$|.{7,}")
# how a unit ends; other words in the brackets of a heading (`含税`, `1-9月`, `现价`) are a remark
_LIKE_A_UNIT = re.compile(r"[元圆吨斤克米里亩顷人次家户套个项条件场辆台瓦％%‰]$|^[A-Za-z]{1,3}$")

MakeFinding = Callable[..., Finding]  # rules.make_finding with the submission filled in

_FOOT_ROWS = 12  # as far up as the signatures below a table reach


@dataclass(frozen=True)
class UnitLine:
    """`单位：亿元` above the table, and where it stands."""

    text: str
    unit: str  # as written, known or not
    row: int
    letter: str


@dataclass
class Layout:
    """One table on a sheet. Rows count from 1, as the sender's program numbers them."""

    header_row: int
    headings: dict[str, Heading]
    indexes: dict[str, int]
    last_row: int
    unit_line: UnitLine | None = None
    periods: list[tuple[int, str, str, Period]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find_layouts(form: Form, grid: Grid, found: MakeFinding) -> tuple[list[Layout], list[Finding]]:
    """Every table of the form on the sheet, with what is wrong with their headings."""
    spellings = {s: c.name for c in form.columns for s in c.spellings}
    headers = _header_rows(form, grid, spellings)
    layouts, findings = [], []
    end_of_last = 0
    for at, (first, last) in enumerate(headers):
        titles = grid.head[end_of_last : first - 1]
        layout = Layout(last, {}, {}, grid.table.num_rows, unit_line=_find_unit_line(titles, end_of_last))
        if at + 1 < len(headers):
            layout.last_row = end_of_last = _above_titles(grid, last, headers[at + 1][0])
        layout.periods = _find_periods(titles, first - len(titles))
        findings += _map_headings(form, grid, layout, _merge_rows(grid, first, last, spellings), spellings, found)
        layouts.append(layout)
    return layouts, findings


def _header_rows(form: Form, grid: Grid, spellings: dict[str, str]) -> list[tuple[int, int]]:
    """First and last of the rows that hold most of the headings of the best row; a row of data seldom holds two."""
    counts = [len({spellings[t] for c in row if c and (t := tidy_heading(c)) in spellings}) for row in grid.head]
    best = max(counts, default=0)
    enough = max(2 if len(form.columns) > 1 else 1, best * 2 // 3)
    rows = [n for n, count in enumerate(counts, start=1) if count >= enough]
    starts = [n for n in rows if n - 1 not in rows]
    return [(start, next(n for n in range(start, len(counts) + 1) if n + 1 not in rows)) for start in starts]


def _merge_rows(grid: Grid, first: int, last: int, spellings: dict[str, str]) -> list[str | None]:
    """Headings printed in several rows, say in two languages: for each column the text that is known, or the first."""
    columns = zip(*grid.head[first - 1 : last], strict=True)
    return [next((c for c in column if c and tidy_heading(c) in spellings), next((c for c in column if c), None)) for column in columns]


def _above_titles(grid: Grid, header: int, next_header: int) -> int:
    """The last row of a table: above the blank rows, titles and unit line of the table that follows."""
    last = next_header - 1
    while last > header:
        cells = [c for c in grid.head[last - 1] if c]
        if cells and not any(_UNIT_LINE.search(c) or find_period(c) for c in cells):
            break
        last -= 1
    return last


def _find_periods(titles: list[list[str | None]], first: int) -> list[tuple[int, str, str, Period]]:
    """Where the titles of a table name a quarter: row, column letter, text, period."""
    return [
        (row, letter_of(index), cell, period)
        for row, cells in enumerate(titles, start=first)
        for index, cell in enumerate(cells)
        if cell and (period := find_period(cell))
    ]


def _find_unit_line(above: list[list[str | None]], first: int) -> UnitLine | None:
    for row, cells in enumerate(above, start=first + 1):
        for index, cell in enumerate(cells):
            match = _UNIT_LINE.search(cell or "")
            if cell and match and (find_unit(match["unit"]) or not _AN_OFFICE.search(match["unit"])):
                return UnitLine(cell, match["unit"], row, letter_of(index))
    return None


def _map_headings(
    form: Form, grid: Grid, layout: Layout, header: list[str | None], spellings: dict[str, str], found: MakeFinding
) -> list[Finding]:
    findings = []
    ignored = {tidy_heading(h) for h in form.ignored_headings}
    for index, cell in enumerate(header):
        name = spellings.get(tidy_heading(cell)) if cell else None
        place = {"sheet": grid.sheet, "row": layout.header_row, "letter": letter_of(index)}
        if name in layout.headings:
            other = layout.headings[name]
            findings.append(found("LAYOUT-DUPLICATE", value=cell, other=f"{other.letter}{layout.header_row}", **place))
        elif name:
            layout.headings[name] = Heading(letter_of(index), cell or "")
            layout.indexes[name] = index
        elif not (cell and tidy_heading(cell) in ignored) and _holds_data(grid, layout, index, cell is None):
            findings.append(found("LAYOUT-UNKNOWN", value=cell, **_suggest(form, cell), **place))
    findings += _settle_units(form, grid, layout, found)
    shown = "、".join(c for c in header if c)
    for column in form.columns:
        if column.present and column.name not in layout.headings:
            findings.append(found("LAYOUT-MISSING", sheet=grid.sheet, row=layout.header_row, expected=column.title.zh, headings=shown))
    return findings


def _settle_units(form: Form, grid: Grid, layout: Layout, found: MakeFinding) -> list[Finding]:
    """The unit over each measured column, from its heading or the unit line; one that is not known rejects.

    A unit line speaks for the columns that it fits: 千元 says nothing of persons. One that fits no
    column, or that nobody knows, leaves every figure without a size.
    """
    findings = []
    measured: dict[str, str | None] = {c.name: c.unit for c in form.columns if c.unit}
    measured = measured or {"value": None}
    waiting = []  # the columns whose heading names no unit
    for name, printed in measured.items():
        heading = layout.headings.get(name)
        if heading is None:
            continue
        said = _said_in_heading(heading.text)
        if said is None:
            waiting.append((name, printed))
        elif problem := _misfit(said, [printed]):
            place = {"sheet": grid.sheet, "row": layout.header_row, "letter": heading.letter}
            findings.append(
                found(problem, severity=Severity.REJECT, value=said, row_key=heading.text, expected=_units_of([printed]), **place)
            )
        else:
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(said))
    line = layout.unit_line
    if line is None or not waiting or (form.kind == "indicator" and "unit" in layout.headings):
        return findings
    if problem := _misfit(line.unit, [printed for _, printed in waiting]):
        place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
        expected = _units_of([printed for _, printed in waiting])
        return [*findings, found(problem, severity=Severity.REJECT, value=line.unit, row_key=line.text, expected=expected, **place)]
    for name, printed in waiting:
        if not _misfit(line.unit, [printed]):
            heading = layout.headings[name]
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(line.unit))
    return findings


def _said_in_heading(text: str) -> str | None:
    """The unit in a heading's brackets, known or not; None where they hold no unit (`（1-9月）`)."""
    bracketed = _BRACKETS.search(text)
    if bracketed is None or (find_unit(bracketed[1]) is None and not _LIKE_A_UNIT.search(bracketed[1].strip())):
        return None
    return bracketed[1].strip()


def _misfit(said: str, printed: list[str | None]) -> str | None:
    """The rule that a unit breaks where it fits none of the columns; None printed takes every unit."""
    unit = find_unit(said)
    if unit is None:
        return "UNIT-UNKNOWN"
    base = load_units()[unit].base_unit
    return None if any(p is None or load_units()[p].base_unit == base for p in printed) else "UNIT-DIMENSION"


def _units_of(printed: list[str | None]) -> str:
    return "、".join(dict.fromkeys(units_for(load_units()[p].base_unit) if p else "亿元、万元、元" for p in printed))


def _holds_data(grid: Grid, layout: Layout, index: int, unnamed: bool) -> bool:
    """Whether the column holds anything beside cells of the table; a note alone on its row is none of it."""
    start, length = layout.header_row, layout.last_row - layout.header_row
    below = grid.table.slice(start, length)
    here = below.column(str(index)).is_valid()
    if unnamed:
        here = pc.and_(here, pc.greater(_count_filled(below, range(below.num_columns)), 1))
    return bool(pc.any(here).as_py())


def _suggest(form: Form, cell: str | None) -> dict[str, str]:
    titles = [c.title.zh for c in form.columns] + [h for c in form.columns for h in c.headings]
    near = difflib.get_close_matches(cell or "", titles, n=1, cutoff=0.5)
    return {
        "expected": "、".join(c.title.zh for c in form.columns),
        "hint_zh": f"；是不是“{near[0]}”？" if near else "",
        "hint_en": f"; did you mean “{near[0]}”?" if near else "",
    }


def cut_rows(form: Form, grid: Grid, layout: Layout) -> pa.Table:
    """The rows of data below the headings: `_row` and a text column a field. Blank rows and notes go.

    A note is a row that fills no column of the form, or only the first and there holds no line of the
    form or opens with the words of a note; it is kept in `layout.notes`, so that nothing vanishes.
    """
    start, length = layout.header_row, layout.last_row - layout.header_row
    body = grid.table.slice(start, length)
    filled = _count_filled(body, range(body.num_columns))
    mapped = _count_filled(body, layout.indexes.values())
    keep = pc.greater(mapped, 0)
    doubtful = pc.and_(pc.less_equal(mapped, 1), pc.greater(filled, 0))
    foot = pa.array(np.arange(length) >= length - _FOOT_ROWS)
    doubtful = pc.or_(doubtful, pc.and_(foot, pc.greater(filled, 0)))
    lines = {s for i in form.indicators for s in i.spellings}
    dropped = []
    for n in pc.indices_nonzero(doubtful).to_pylist() if length else []:
        cells = [column[n].as_py() for column in body.columns]
        if _is_note(cells, layout, lines):
            layout.notes.append(f"{start + n + 1}: {' '.join(c for c in cells if c)}")
            dropped.append(n)
    if dropped:
        kept = keep.to_numpy(zero_copy_only=False).copy()
        kept[dropped] = False
        keep = pa.array(kept)
    rows = pa.array(np.arange(start + 1, start + 1 + length, dtype=np.int32))
    columns = {"_row": rows}
    for name in (c.name for c in form.columns):
        index = layout.indexes.get(name)
        columns[name] = body.column(str(index)) if index is not None else pa.nulls(length, pa.string())
    table = pa.table(columns)
    return table if pc.all(keep).as_py() else table.filter(keep)


def _is_note(cells: list[str | None], layout: Layout, lines: set[str]) -> bool:
    """Whether a row is a note rather than data.

    It is one where every cell opens like a note (`填表人：`), or where no more than the first column of
    the form is filled, with no line of the form. A lone figure is data: it lost its name.
    """
    filled = [cell for cell in cells if cell]
    if all(_NOTE.match(cell) for cell in filled):
        return True
    mapped = [index for index in layout.indexes.values() if cells[index]]
    if len(mapped) > 1 or len(layout.indexes) == 1:
        return False
    if not mapped:
        return True
    text = cells[mapped[0]] or ""
    return mapped[0] == min(layout.indexes.values()) and (bool(_NOTE.match(text)) or (bool(lines) and tidy_heading(text) not in lines))


def _count_filled(body: pa.Table, indexes: Iterable[int]) -> pa.Array:
    """How many of the cells at those columns each row fills."""
    total = np.zeros(body.num_rows, dtype=np.int16)
    for index in indexes:
        column = body.column(str(index))
        total += column.is_valid().to_numpy() if column.null_count else 1
    return pa.array(total)
