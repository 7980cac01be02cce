"""Noun: a layout, where the form's table stands on a sheet and which field each column is.

In: a `Grid` and a `Form`. Out: `Layout`s, or the findings that say why the sheet cannot be read.
Headings are known by the synonyms of the form; what is not known is a finding, never dropped.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow.compute as pc

from flows.forms.form import Form
from flows.model.name import tidy_heading
from flows.model.finding import Finding, Severity
from flows.model.period import Period, find_period
from flows.model.submission import Heading, letter_of
from flows.model.text import clean
from flows.model.unit import find_unit, load_units, units_for
from flows.read.grid import Grid, count_filled
from flows.read.headings import ANOTHER_QUARTER, QUARTER_ALONE, YEAR_EARLIER, Head, Reader

NOTE = re.compile(
    r"^[\s(（【*]*(注|备注|说明|附注|数据来源|资料来源|填表人|制表|单位负责人|统计负责人|审核|报出日期|填报|联系|note|source)",
    re.I,
)
FOOT_ROWS = 12  # as far up as the signatures below a table reach

# 填报单位, 报送单位 and 编制单位 name an office, not a unit
_UNIT_LINE = re.compile(r"(?<![报送制])单位\s*[:：]\s*(?P<unit>[^\s)）】]+)")
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
# `单位：通辽市统计局` names the sender
_AN_OFFICE = re.compile(r"[局委部门办处会司心区院校站所队厂科室]$|.{7,}")
# how a unit ends; other words in the brackets of a heading (`含税`, `1-9月`, `现价`) are a remark
_LIKE_A_UNIT = re.compile(r"[元圆吨斤克米里亩顷人次家户套个项条件场辆台瓦％%‰]$|^[A-Za-z]{1,3}$")

# the first line of a table from the national statistics site
_EXPORT = re.compile(r"数据库:|database:", re.I)

Column = tuple[str, str | None]  # a field and the unit that the form prints it in
MakeFinding = Callable[..., Finding]  # rules.make_finding with the submission filled in


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

    first_header_row: int
    header_row: int  # the last of its heading rows
    last_row: int
    kind: str = (
        "long"  # or `wide` (quarters across), or `nbs_export` (the national statistics site's)
    )
    headings: dict[str, Heading] = field(default_factory=dict)
    indexes: dict[str, int] = field(default_factory=dict)
    unit_line: UnitLine | None = None
    titles: list[tuple[int, str, str]] = field(
        default_factory=list
    )  # row, letter and text of the cells above
    periods: list[tuple[int, str, str, Period]] = field(default_factory=list)
    period_column: str | None = None  # of a wide table, the column that was read
    notes: list[str] = field(default_factory=list)
    totals: list[tuple[int, str, dict[str, str]]] = field(
        default_factory=list
    )  # row, its word, its figures by field
    other_lines: list[tuple[int, str]] = field(
        default_factory=list
    )  # row and name of figures of another span
    faults: list[tuple[str, str, list[int]]] = field(
        default_factory=list
    )  # field, what stands there, rows: formulas that failed
    has_label_units: bool = False


def find_layouts(
    form: Form, grid: Grid, asked: Period, found: MakeFinding
) -> tuple[list[Layout], list[Finding]]:
    """Every table of the form on the sheet, with what is wrong with their headings."""
    reader = Reader(form, asked)
    headers = reader.find_rows(grid)
    layouts, findings = [], []
    end_of_last = 0
    for at, (first, last) in enumerate(headers):
        above = grid.head[end_of_last : first - 1]
        layout = Layout(
            first, last, grid.table.num_rows, unit_line=_find_unit_line(above, end_of_last)
        )
        if at + 1 < len(headers):
            layout.last_row = end_of_last = _above_titles(grid, last, headers[at + 1][0])
        layout.titles = [
            (row, letter_of(index), cell)
            for row, cells in enumerate(above, start=first - len(above))
            for index, cell in enumerate(cells)
            if cell
        ]
        findings += _map_headings(form, grid, layout, reader.read(grid, first, last), found)
        if (
            layout.kind == "long"
        ):  # elsewhere the headings name the quarter, and a title may name a span of them
            layout.periods = [
                (row, at, cell, period)
                for row, at, cell in layout.titles
                if (period := find_period(cell))
            ]
        elif any(_EXPORT.match(clean(cell)) for _, _, cell in layout.titles):
            layout.kind = "nbs_export"
        layouts.append(layout)
    return layouts, findings


def _above_titles(grid: Grid, header: int, next_header: int) -> int:
    """The last row of a table: above the blank rows, titles and unit line of the table that
    follows.
    """
    last = next_header - 1
    while last > header:
        cells = [c for c in grid.head[last - 1] if c]
        if cells and not any(_UNIT_LINE.search(c) or find_period(c) for c in cells):
            break
        last -= 1
    return last


def _find_unit_line(above: list[list[str | None]], first: int) -> UnitLine | None:
    for row, cells in enumerate(above, start=first + 1):
        for index, cell in enumerate(cells):
            match = _UNIT_LINE.search(cell or "")
            if (
                cell
                and match
                and (find_unit(match["unit"]) or not _AN_OFFICE.search(match["unit"]))
            ):
                return UnitLine(cell, match["unit"], row, letter_of(index))
    return None


def _map_headings(
    form: Form, grid: Grid, layout: Layout, heads: list[Head], found: MakeFinding
) -> list[Finding]:
    """Which column is which field; every column that holds data and is none of them becomes a
    finding.
    """
    findings = []
    ignored = {tidy_heading(h) for h in form.ignored_headings}
    aside: list[tuple[int, Head]] = []
    for index, head in enumerate(heads):
        place = {"sheet": grid.sheet, "row": layout.header_row, "letter": letter_of(index)}
        if head.name and head.name in layout.headings:
            other = layout.headings[head.name]
            findings.append(
                found(
                    "LAYOUT-DUPLICATE",
                    value=head.text,
                    other=f"{other.letter}{layout.header_row}",
                    **place,
                )
            )
        elif head.name:
            layout.headings[head.name] = Heading(letter_of(index), head.text or "")
            layout.indexes[head.name] = index
            if head.period and head.name == "value":
                layout.period_column = f"{letter_of(index)}: {head.text}"
        elif head.aside:
            aside.append((index, head))
        elif not (head.text and tidy_heading(head.text) in ignored) and _holds_data(
            grid, layout, index, head.text is None
        ):
            findings.append(
                found("LAYOUT-UNKNOWN", value=head.text, **_suggest(form, head.text), **place)
            )
    findings += _settle_units(form, grid, layout, found)
    missing = _list_missing(form, grid, layout, heads, found)
    said = (
        []
        if any(f.code == "FILE-PERIOD" for f in missing)
        else _say_aside(grid, layout, aside, found)
    )
    return [*findings, *missing, *said]


def _list_missing(
    form: Form, grid: Grid, layout: Layout, heads: list[Head], found: MakeFinding
) -> list[Finding]:
    """The columns that have to be there and are not; figures of other quarters alone were sent for
    the
    wrong one.
    """
    foreign = [(index, head) for index, head in enumerate(heads) if head.aside and head.period]
    if foreign:
        layout.kind = "wide"
    if foreign and "value" not in layout.headings:
        index, head = foreign[0]
        place = {"sheet": grid.sheet, "row": layout.header_row, "letter": letter_of(index)}
        return [found("FILE-PERIOD", value=head.text, found=head.period, **place)]
    shown = "、".join(head.text for head in heads if head.text)
    return [
        found(
            "LAYOUT-MISSING",
            sheet=grid.sheet,
            row=layout.header_row,
            expected=column.title.zh,
            headings=shown,
        )
        for column in form.columns
        if column.present and column.name not in layout.headings
    ]


_ASIDE_WORDS = {
    QUARTER_ALONE: ("只是本季的数", "a quarter alone"),
    YEAR_EARLIER: ("上年同期的数", "a year earlier"),
    ANOTHER_QUARTER: ("其他报告期的数", "other periods"),
}


def _say_aside(
    grid: Grid, layout: Layout, aside: list[tuple[int, Head]], found: MakeFinding
) -> list[Finding]:
    """One note for all columns that are left aside for the same reason; their headings stay in the
    notes.
    """
    findings = []
    for reason, (zh, en) in _ASIDE_WORDS.items():
        columns = [(index, head) for index, head in aside if head.aside == reason]
        if columns:
            listed = "、".join(f"{letter_of(index)}: {head.text}" for index, head in columns)
            layout.notes.append(f"{layout.header_row}: {listed} ({reason})")
            index, head = columns[0]
            findings.append(
                found(
                    "LAYOUT-ASIDE", sheet=grid.sheet, row=layout.header_row, letter=letter_of(index), value=head.text,
                    columns=listed, reason_zh=zh, reason_en=en,
                )
            )  # fmt: skip
    return findings


def _settle_units(form: Form, grid: Grid, layout: Layout, found: MakeFinding) -> list[Finding]:
    """The unit over each measured column, from its heading or the unit line; one that is not known
    rejects.

    A unit line speaks for the columns that it fits: 千元 says nothing of persons. One that fits no
    column, or that nobody knows, leaves every figure without a size.
    """
    findings = []
    measured: dict[str, str | None] = {c.name: c.unit for c in form.columns if c.unit}
    measured = measured or {"value": None}
    waiting, settled = (
        [],
        [],
    )  # the columns whose heading names no unit, and those whose heading does
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
                found(
                    problem,
                    severity=Severity.REJECT,
                    value=said,
                    row_key=heading.text,
                    expected=_units_of([printed]),
                    **place,
                )
            )
        else:
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(said))
            settled.append((name, printed))
    line = layout.unit_line
    findings += _compare_units(grid, layout, settled, waiting, found)
    if line is None or not waiting or (form.kind == "indicator" and "unit" in layout.headings):
        return findings
    if problem := _misfit(line.unit, [printed for _, printed in waiting]):
        place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
        expected = _units_of([printed for _, printed in waiting])
        return [
            *findings,
            found(
                problem,
                severity=Severity.REJECT,
                value=line.unit,
                row_key=line.text,
                expected=expected,
                **place,
            ),
        ]
    for name, printed in waiting:
        if not _misfit(line.unit, [printed]):
            heading = layout.headings[name]
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(line.unit))
    return findings


def _compare_units(
    grid: Grid, layout: Layout, settled: list[Column], waiting: list[Column], found: MakeFinding
) -> list[Finding]:
    """The heading's unit goes before a unit line that says another; where the line speaks for no
    other
    column, that is asked about.
    """
    line = layout.unit_line
    if (
        line is None
        or _misfit(line.unit, [None])
        or (waiting and not _misfit(line.unit, [printed for _, printed in waiting]))
    ):
        return []
    meant = load_units()[find_unit(line.unit) or ""]
    for name, _ in settled:
        heading = layout.headings[name]
        said = load_units()[heading.unit or ""]
        if said.base_unit == meant.base_unit and said.factor != meant.factor:
            place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
            at = f"{heading.letter}{layout.header_row}"
            return [
                found(
                    "UNIT-LINE",
                    value=line.text,
                    heading=heading.text,
                    other=at,
                    line=meant.unit,
                    used=said.unit,
                    **place,
                )
            ]
    return []


def _said_in_heading(text: str) -> str | None:
    """The unit in a heading's brackets, known or not; None where they hold no unit (`（1-9月）`)."""
    bracketed = [words.strip() for words in _BRACKETS.findall(text)]
    return next(
        (words for words in reversed(bracketed) if find_unit(words) or _LIKE_A_UNIT.search(words)),
        None,
    )


def _misfit(said: str, printed: list[str | None]) -> str | None:
    """The rule that a unit breaks where it fits none of the columns; None printed takes every unit."""
    unit = find_unit(said)
    if unit is None:
        return "UNIT-UNKNOWN"
    base = load_units()[unit].base_unit
    return (
        None
        if any(p is None or load_units()[p].base_unit == base for p in printed)
        else "UNIT-DIMENSION"
    )


def _units_of(printed: list[str | None]) -> str:
    return "、".join(
        dict.fromkeys(
            units_for(load_units()[p].base_unit) if p else "亿元、万元、元" for p in printed
        )
    )


def _holds_data(grid: Grid, layout: Layout, index: int, unnamed: bool) -> bool:
    """Whether the column holds anything beside cells of the table; a note or a signature below it
    is
    none of it.
    """
    start, length = layout.header_row, layout.last_row - layout.header_row
    below = grid.table.slice(start, length)
    here = below.column(str(index)).is_valid()
    if not unnamed:
        return bool(pc.any(here).as_py())
    rows = pc.indices_nonzero(
        pc.and_(here, pc.greater(count_filled(below, range(below.num_columns)), 1))
    ).to_pylist()
    return any(
        n < length - FOOT_ROWS or not is_note_like([column[n].as_py() for column in below.columns])
        for n in rows
    )


def is_note_like(cells: list[str | None]) -> bool:
    """Whether every filled cell of a row opens like a note (`填表人：`)."""
    return all(NOTE.match(cell) for cell in cells if cell)


def _suggest(form: Form, cell: str | None) -> dict[str, str]:
    titles = [c.title.zh for c in form.columns] + [h for c in form.columns for h in c.headings]
    near = difflib.get_close_matches(cell or "", titles, n=1, cutoff=0.5)
    return {
        "expected": "、".join(c.title.zh for c in form.columns),
        "hint_zh": f"；是不是“{near[0]}”？" if near else "",
        "hint_en": f"; did you mean “{near[0]}”?" if near else "",
    }
