"""What stands among the rows of a table and was not read as it stands there."""

from __future__ import annotations

import functools

import pyarrow as pa

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.finding import Finding, Severity
from flows.model.submission import Submission
from flows.read.grid import Grid
from flows.read.layout import Layout, MakeFinding
from flows.read.totals import check_totals


def say_left_out(
    form: Form, submission: Submission, grid: Grid, layout: Layout, piece: pa.Table
) -> list[Finding]:
    """What stands among the rows and is none: totals, and lines of another span than the form's."""
    make = functools.partial(make_finding, submission=submission, sheet=grid.sheet)
    findings = []
    if layout.totals:
        rows = "、".join(str(row) for row, *_ in layout.totals)
        findings.append(
            make("LAYOUT-TOTAL", row=layout.totals[0][0], value=layout.totals[0][1], rows=rows)
        )
    for row, name, sent, computed in check_totals(form, layout, piece):
        heading = layout.headings[name]
        findings.append(
            make(
                "VALUE-TOTAL",
                row=row,
                letter=heading.letter,
                value=sent,
                heading=heading.text,
                computed=computed,
            )
        )
    for name, fault, at in layout.faults:
        heading, rows = (
            layout.headings[name],
            "、".join(map(str, at[:20])) + ("…" if len(at) > 20 else ""),
        )
        findings.append(
            make(
                "VALUE-FORMULA",
                row=at[0],
                letter=heading.letter,
                value=fault,
                heading=heading.text,
                rows=rows,
            )
        )
    for code, put_away in (
        ("LAYOUT-LINES", layout.other_lines),
        ("LAYOUT-OTHER", layout.strange_lines),
    ):
        if put_away:
            row, name = put_away[0]
            lines = "、".join(f"{name} ({row})" for row, name in put_away)
            # where lines stand side by side, each says its column itself
            letter = layout.headings["indicator"].letter if layout.line is None else None
            findings.append(make(code, row=row, value=name, lines=lines, letter=letter))
    return findings


def say_cut_figures(grid: Grid, layout: Layout, make: MakeFinding) -> list[Finding]:
    """The commas that had cut a figure in two, each with what became of it."""
    zh, en = "没有加引号，逗号把它切成了两格", "it had no quotes and its comma cut it in two"
    joined = (
        f"{zh}；这一行比表头多一格，已合起来读取",
        f"{en}; the row is a cell wider than the headings, and the two were read together",
    )
    letter = layout.headings["value"].letter if "value" in layout.headings else None
    return [
        make(
            "VALUE-COMMA",
            severity=Severity.QUERY if is_joined else Severity.REJECT,
            sheet=grid.sheet,
            row=row,
            letter=letter,
            value=figure,
            problem_zh=joined[0] if is_joined else f"{zh}，后面各栏都错了一格",
            problem_en=joined[1] if is_joined else f"{en}; the cells behind it moved on by one",
        )
        for row, figure, is_joined in layout.cut_figures
    ]
