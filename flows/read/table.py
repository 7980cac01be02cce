"""The tables of a form on a sheet: where each stands and which column is which field.

Headings are known by the synonyms of the form; what is not known is a finding, never dropped.
"""

from __future__ import annotations

import difflib
import re

import numpy as np
import pyarrow.compute as pc

from flows.forms.form import Form
from flows.model.finding import Finding, Severity
from flows.model.name import tidy_heading
from flows.model.period import Period, find_period
from flows.model.span import find_spans
from flows.model.submission import Heading, letter_of
from flows.model.text import clean
from flows.read.aside import (
    say_aside,
    say_column_span,
    say_other_span,
    say_span,
    span_of_nothing,
)
from flows.read.bare_headings import ask_number, settle_bare
from flows.read.corner import hear_words, name_corner
from flows.read.grid import Grid, count_filled
from flows.read.heading_periods import is_annual
from flows.read.headings import (
    OTHER_QUARTERS,
    Head,
    Reader,
)
from flows.read.layout import (
    FOOT_ROWS,
    WHOLE_FILE,
    Layout,
    MakeFinding,
    Share,
    is_note_like,
    say_meaning,
)
from flows.read.units import UNIT_LINE, find_unit_line, looks_like_unit, settle_units

# the first line of a table from the national statistics site
_EXPORT = re.compile(r"数据库:|database:", re.I)


def find_layouts(
    form: Form,
    grid: Grid,
    asked: Period,
    make: MakeFinding,
    share: Share = WHOLE_FILE,
) -> tuple[list[Layout], list[Finding]]:
    """Every table of the form on the sheet, with what is wrong with their headings. Of a file
    of several quarters, tables of others than the one asked for are there `is_elsewhere`, unread.
    """
    reader = Reader(form, asked, is_annual(grid))
    headers = reader.find_rows(grid)
    layouts, findings = [], []
    end_of_last = 0
    for at, (first, last) in enumerate(headers):
        above = grid.head[end_of_last : first - 1]
        layout = Layout(
            first, last, grid.table.num_rows, unit_line=find_unit_line(above, end_of_last)
        )
        if at + 1 < len(headers):
            layout.last_row = end_of_last = _above_titles(grid, last, headers[at + 1][0])
        layout.titles = [
            (row, letter_of(index), cell)
            for row, cells in enumerate(above, start=first - len(above))
            for index, cell in enumerate(cells)
            if cell
        ]
        heads = settle_bare(reader.read(grid, first, last), asked, has_figures=reader.has_figures)
        heads = name_corner(form, grid, heads, last)
        for index, head in enumerate(heads):
            if head.period and head.in_full:
                layout.quarters.setdefault(head.period, index)
        layouts.append(layout)
        layout.is_elsewhere = not share.takes(layout, asked)
        if layout.is_elsewhere:
            continue
        layout.years |= {period.year for period in share.loaded}
        findings += _map_headings(form, grid, layout, heads, asked, make, share)
        if layout.kind == "wide" and any(_EXPORT.match(clean(c)) for _, _, c in layout.titles):
            layout.kind = "nbs_export"
    return layouts, findings


def _above_titles(grid: Grid, header: int, next_header: int) -> int:
    """The last row of a table: above the blank rows, titles and unit line of the table that
    follows.
    """
    last = next_header - 1
    while last > header:
        cells = [c for c in grid.head[last - 1] if c]
        if cells and not any(UNIT_LINE.search(c) or find_period(c) for c in cells):
            break
        last -= 1
    return last


def _map_headings(
    form: Form,
    grid: Grid,
    layout: Layout,
    heads: list[Head],
    asked: Period,
    make: MakeFinding,
    share: Share,
) -> list[Finding]:
    """Which column is which field; every column that holds data and is none of them becomes a
    finding.
    """
    findings: list[Finding] = []
    ignored = {tidy_heading(h) for h in form.ignored_headings}
    aside: list[tuple[int, Head]] = []
    for index, head in enumerate(heads):
        place: dict[str, object] = {
            "sheet": grid.sheet,
            "row": layout.header_row,
            "letter": letter_of(index),
        }
        findings += _say_remarks(form, layout, ask_number(head, len(heads), asked), make, place)
        if head.name and head.name in layout.headings:
            other = layout.headings[head.name]
            findings.append(
                make(
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
                layout.years |= {s.year for s in find_spans(head.text or "")[0]}
                layout.period_column = f"{letter_of(index)}: {head.text}"
        elif head.aside:
            if head.aside not in OTHER_QUARTERS or head.period not in share.loaded:
                aside.append((index, head))
        elif not (head.text and tidy_heading(head.text) in ignored) and _holds_data(
            grid, layout, index, head.text is None
        ):
            of_period = say_column_span(form, grid, layout, index, head, asked, make)
            unknown = {"value": head.text, **_suggest(form, head.text), **place}
            findings += [make("LAYOUT-UNKNOWN", **unknown)] if of_period is None else of_period
        elif head.text and tidy_heading(head.text) in ignored:
            hear_words(grid, layout, index)
        elif head.text:  # a cell beside the table
            layout.notes.append(f"{layout.header_row}: {head.text}")
            layout.note_cells.append((layout.header_row, index, head.text))
    findings += settle_units(form, grid, layout, make)
    missing = _list_missing(form, grid, layout, heads, asked, make)
    set_aside = (
        []
        if any(f.code == "FILE-PERIOD" for f in missing)
        else say_aside(grid, layout, aside, make)
    )
    set_aside += [
        say_span(grid, layout.header_row, index, head.text, span, asked, make, Severity.QUERY)
        for index, head in aside
        if (span := span_of_nothing(layout, head))
        and not _holds_data(grid, layout, index, unnamed=False)
    ]
    return [*findings, *missing, *set_aside]


def _say_remarks(
    form: Form, layout: Layout, head: Head, make: MakeFinding, place: dict[str, object]
) -> list[Finding]:
    """What a heading says beside its name: kept with the table, or asked about where it is in no
    vocabulary.
    """
    is_text = (
        form.kind == "register"
        and not form.column(head.name or head.would_be or form.key[0]).numeric
    )
    if head.name == "note" or (head.name is None and head.would_be is None) or is_text:
        return []
    field = head.name or head.would_be or ""
    has_unit = field == "value" or bool(form.column(field).unit)
    cell = f"{place['letter']}{place['row']}"
    layout.remarks += [(cell, head.text or "", remark) for remark in head.remarks]
    findings = [
        make(
            "WORDS-UNKNOWN",
            value=head.text,
            words=r.text,
            why_zh=r.means.zh,
            why_en=r.means.en,
            **place,
        )
        for r in head.remarks
        if (r.kind == "unknown" and not (looks_like_unit(r.text) and has_unit))
        or (r.kind == "unit" and not has_unit and form.kind == "register")
    ]
    if head.name:
        findings += [
            say_meaning(make, head.text or "", r, Severity.REJECT, **place)
            for r in head.remarks
            if r.kind == "another"
        ]
    return findings


def _list_missing(
    form: Form,
    grid: Grid,
    layout: Layout,
    heads: list[Head],
    asked: Period,
    make: MakeFinding,
) -> list[Finding]:
    """The columns that have to be there and are not; figures of other quarters alone were sent for
    the wrong one, and figures of another meaning are not those that the form asks for.
    """
    foreign = [(index, head) for index, head in enumerate(heads) if head.aside and head.period]
    if foreign:
        layout.kind = "wide"
    levels = [(index, head) for index, head in foreign if head.would_be is None]
    if levels and "value" not in layout.headings:
        index, head = levels[0]
        place = {"sheet": grid.sheet, "row": layout.header_row, "letter": letter_of(index)}
        return [make("FILE-PERIOD", value=head.text, found=head.period, **place)]
    if "value" not in layout.headings and (
        of_span := say_other_span(grid, layout, heads, asked, make)
    ):
        return of_span
    findings = []
    refused: set[str] = set()
    for index, head in enumerate(heads):
        if head.would_be and head.would_be not in layout.headings:
            refused.add(head.would_be)
            place = {"sheet": grid.sheet, "row": layout.header_row, "letter": letter_of(index)}
            remark = next(r for r in head.remarks if r.kind == "another")
            must = form.column(head.would_be).present
            severity = Severity.REJECT if must else Severity.QUERY
            findings.append(say_meaning(make, head.text or "", remark, severity, **place))
    shown = "、".join(head.text for head in heads if head.text)
    return findings + [
        make(
            "LAYOUT-MISSING",
            sheet=grid.sheet,
            row=layout.header_row,
            expected=column.title.zh,
            headings=shown,
        )
        for column in form.columns
        if column.present and column.name not in layout.headings and column.name not in refused
    ]


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
    filled = np.asarray(count_filled(below, range(below.num_columns)))
    rows = np.flatnonzero(here.to_numpy() & (filled > 1)).tolist()
    return any(
        n < length - FOOT_ROWS or not is_note_like([column[n].as_py() for column in below.columns])
        for n in rows
    )


def _suggest(form: Form, cell: str | None) -> dict[str, str]:
    titles = [c.title.zh for c in form.columns] + [h for c in form.columns for h in c.headings]
    near = difflib.get_close_matches(cell or "", titles, n=1, cutoff=0.5)
    return {
        "expected": "、".join(c.title.zh for c in form.columns),
        "hint_zh": f"；是不是“{near[0]}”？" if near else "",
        "hint_en": f"; did you mean “{near[0]}”?" if near else "",
    }
