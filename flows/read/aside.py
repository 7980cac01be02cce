"""Columns of a table that are not the form's figures of the quarter: left aside, or asked about."""

from __future__ import annotations

import re

from flows.forms.form import Form
from flows.model.finding import Finding, Severity
from flows.model.period import Period
from flows.model.span import Span, find_spans
from flows.model.submission import letter_of
from flows.model.text import clean
from flows.read.grid import Grid
from flows.read.headings import (
    ANOTHER_QUARTER,
    OTHER_MEANING,
    OTHER_QUARTERS,
    QUARTER_ALONE,
    YEAR_EARLIER,
    Head,
)
from flows.read.layout import Layout, MakeFinding

_OF_PERIOD = re.compile(
    "报告期|报表期|数据期|所属期|所属时期|统计期|期别|填报期|period|quarter", re.I
)
_ASIDE_WORDS = {
    QUARTER_ALONE: ("只是本季的数", "a quarter alone"),
    YEAR_EARLIER: ("上年同期的数", "a year earlier"),
    ANOTHER_QUARTER: ("其他报告期的数", "other periods"),
    OTHER_MEANING: ("另一种口径的数", "figures of another meaning"),
}


def say_aside(
    grid: Grid, layout: Layout, aside: list[tuple[int, Head]], make: MakeFinding
) -> list[Finding]:
    """One note for all columns that are left aside for the same reason; their headings stay in the
    notes.
    """
    findings = []
    for reason, (zh, en) in _ASIDE_WORDS.items():
        columns = [
            (index, head)
            for index, head in aside
            if head.aside == reason and (not head.would_be or head.would_be in layout.headings)
        ]
        if columns:
            listed = "、".join(f"{letter_of(index)}: {head.text}" for index, head in columns)
            layout.notes.append(f"{layout.header_row}: {listed} ({reason})")
            index, head = columns[0]
            findings.append(
                make(
                    "LAYOUT-ASIDE",
                    sheet=grid.sheet,
                    row=layout.header_row,
                    letter=letter_of(index),
                    value=head.text,
                    columns=listed,
                    reason_zh=zh,
                    reason_en=en,
                )
            )
    return findings


def say_other_span(
    grid: Grid, layout: Layout, heads: list[Head], asked: Period, make: MakeFinding
) -> list[Finding]:
    """The first column of a table that has none but those of another span (`7-9月`)."""
    return [
        say_span(grid, layout.header_row, index, head.text, head.other_span, asked, make)
        for index, head in enumerate(heads)
        if head.other_span is not None
    ][:1]


def say_column_span(
    form: Form,
    grid: Grid,
    layout: Layout,
    index: int,
    head: Head,
    asked: Period,
    make: MakeFinding,
) -> list[Finding] | None:
    """The first span that a column (`报告期`) gives and that is not the form's; None of a column of
    anything else.

    A register has dates of its entries: there only a column that is headed so gives the period.
    """
    if form.kind == "register" and not _OF_PERIOD.search(clean(head.text or "")):
        return None
    start, length = layout.header_row, layout.last_row - layout.header_row
    cells = grid.table.column(str(index)).slice(start, length).to_pylist()
    filled = [(row, cell) for row, cell in enumerate(cells, start=start + 1) if cell]
    for _, cell in filled:
        spans, rest = find_spans(cell)
        if not spans or rest.strip("\0"):
            return None
    for row, cell in filled:
        span = next((s for s in find_spans(cell)[0] if not s.fits(asked) and s.last), None)
        if span is not None:
            return [say_span(grid, row, index, cell, span, asked, make)]
    return [] if filled else None


def span_of_nothing(layout: Layout, head: Head) -> Span | None:
    """The quarter that is written beside a table whose own headings name none; a column of no
    figures.
    """
    level = layout.headings.get("value")
    if head.aside not in OTHER_QUARTERS or level is None or find_spans(level.text)[0]:
        return None
    return next(iter(find_spans(head.text or "")[0]), None)


def say_span(
    grid: Grid,
    row: int,
    index: int,
    text: str | None,
    span: Span,
    asked: Period,
    make: MakeFinding,
    severity: Severity = Severity.REJECT,
) -> Finding:
    """The finding that a cell names another span than the form's."""
    zh, en = span.title
    return make(
        "FILE-SPAN",
        severity=severity,
        sheet=grid.sheet,
        row=row,
        letter=letter_of(index),
        value=text,
        span_zh=zh,
        span_en=en,
        asked=asked.title_zh,
    )
