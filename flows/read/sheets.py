"""The tables on the sheets of a file, read for one quarter: rows as text, blocks and findings."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import pyarrow as pa

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.forms.vocabulary import Context, Remark, read_note
from flows.model.finding import Finding, Severity
from flows.model.period import Period, parse_period
from flows.model.submission import Block, Explanation, Submission, letter_of
from flows.model.unit import find_unit
from flows.model.zone import Zones
from flows.read.cell_findings import find_cell_faults
from flows.read.grid import Grid
from flows.read.layout import WHOLE_FILE, Layout, MakeFinding, Share
from flows.read.left_out import say_cut_figures, say_left_out
from flows.read.legends import check_legends
from flows.read.merged_words import spread_merged
from flows.read.notes import check_notes
from flows.read.quarter_alone import check_quarters_alone
from flows.read.quarters_down import find_down
from flows.read.rows import cut_rows
from flows.read.table import find_layouts
from flows.read.titles import check_titles
from flows.read.understood import describe_understood
from flows.read.unit_statements import check_statements


@dataclass
class SubmissionText:
    """What one file gave for one quarter: its tables, its text with `_block` counted from 0, and
    what is wrong.
    """

    submission: Submission
    blocks: list[Block] = field(default_factory=list)
    pieces: list[pa.Table] = field(default_factory=list)
    unread: list[pa.Table] = field(default_factory=list)  # every row, where the file is refused
    findings: list[Finding] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    # the quarters that columns name in full, and whether the table is an export of a site
    quarters: set[Period] = field(default_factory=set)
    is_export: bool = False

    @property
    def is_rejected(self) -> bool:
        """Whether a finding refuses it whole."""
        return any(f.severity == Severity.REJECT for f in self.findings)


def read_sheets(
    form: Form, submission: Submission, grids: list[Grid], zones: Zones, share: Share = WHOLE_FILE
) -> SubmissionText:
    """Read every table of a form; of a file of several quarters what `share` says."""
    text = SubmissionText(submission)
    make = functools.partial(make_finding, submission=submission)
    asked = parse_period(submission.period)
    strangers: list[Grid] = []
    tables = [(grid, *_find_tables(form, grid, asked, make, share)) for grid in grids]
    aside = _find_aside(form, asked, [t for t in tables if t[2] and not t[0].is_hidden])
    for grid, shown, layouts, problems in tables:
        if grid.sheet in aside:
            text.findings.append(_say_aside(make, grid.sheet, aside[grid.sheet]))
            continue
        if not layouts or grid.is_hidden:
            strangers.append(grid)
            text.findings += [make("LAYOUT-HIDDEN", sheet=grid.sheet)] if layouts else []
            continue
        text.findings += problems
        _read_tables(form, text, shown, layouts, zones)
    text.findings += _say_strangers(form, grids, strangers, text.findings, make)
    if text.pieces and not any(
        _holds_figures(form, block, piece)
        for block, piece in zip(text.blocks, text.pieces, strict=True)
    ):
        text.findings.append(make("LAYOUT-EMPTY", sheet=grids[0].sheet))
    return text


Table = tuple[
    Grid, Grid, list[Layout], list[Finding]
]  # as sent, as read, its tables, what is wrong


def _find_aside(form: Form, asked: Period, tables: list[Table]) -> dict[str | None, Remark]:
    """The sheets whose names say that their figures are others (`上年同期`), beside one at least
    whose name does not. Where headings name quarters in full, these say which each figure is of.
    """
    if any(layout.quarters for _, _, layouts, _ in tables for layout in layouts):
        return {}
    context = Context(form, asked, "title")
    notes = {grid.sheet: read_note(grid.sheet or "", context) for grid, *_ in tables}
    aside = {sheet: remark for sheet, remark in notes.items() if remark is not None}
    return aside if len(aside) < len(notes) else {}


def _say_aside(make: MakeFinding, sheet: str | None, remark: Remark) -> Finding:
    return make(
        "LAYOUT-ASIDE",
        sheet=sheet,
        value=sheet,
        columns=f"工作表“{sheet}”",
        reason_zh=remark.means.zh,
        reason_en=remark.means.en,
    )


def _find_tables(
    form: Form, grid: Grid, asked: Period, make: MakeFinding, share: Share
) -> tuple[Grid, list[Layout], list[Finding]]:
    """The tables of a sheet, and the sheet as it is to be read for them."""
    down = find_down(form, grid, asked, make) if share.is_down else None
    return down or (grid, *find_layouts(form, grid, asked, make, share))


def _read_tables(
    form: Form, text: SubmissionText, grid: Grid, layouts: list[Layout], zones: Zones
) -> None:
    submission = text.submission
    asked = parse_period(submission.period)
    make = functools.partial(make_finding, submission=submission)
    for layout in layouts:
        text.quarters |= layout.quarters.keys()
        text.is_export |= layout.kind == "nbs_export"
    here = [layout for layout in layouts if not layout.is_elsewhere]
    text.findings += check_titles(form, submission, grid, here, zones)
    for layout in here:
        grid = spread_merged(form, grid, layout)
        text.findings += find_cell_faults(form, grid, layout, make, asked)
        piece = cut_rows(form, grid, layout)
        text.findings += say_left_out(form, submission, grid, layout, piece)
        text.findings += check_quarters_alone(grid, layout, submission, make)
        text.findings += say_cut_figures(grid, layout, make)
        cells = [(row, letter_of(index), cell) for row, index, cell in layout.note_cells]
        noted = check_notes(form, submission, grid.sheet, layout, [*cells])
        told = {f.row for f in noted if f.row}
        text.findings += noted + check_legends(form, grid, layout, make, asked, told)
        text.findings += check_statements(form, grid, layout, piece, make)
        block = _describe(form, submission, grid, layout, len(text.blocks), piece.num_rows)
        text.blocks.append(block)
        text.pieces.append(piece)


def _say_strangers(
    form: Form,
    grids: list[Grid],
    strangers: list[Grid],
    findings: list[Finding],
    make: MakeFinding,
) -> list[Finding]:
    """The sheets that hold no table of the form."""
    if len(strangers) == len(grids):
        expected = "、".join(c.title.zh for c in form.columns if c.present)
        return [make("LAYOUT-HEADER", sheet=grid.sheet, expected=expected) for grid in strangers]
    hidden = {f.sheet for f in findings if f.code == "LAYOUT-HIDDEN"}
    return [make("LAYOUT-SHEET", sheet=g.sheet) for g in strangers if g.sheet not in hidden]


def _holds_figures(form: Form, block: Block, piece: pa.Table) -> bool:
    """Whether anything was filled in: of an indicator form, whose lines are printed, one level or
    growth.
    """
    figures = [
        name
        for name in ("value", "growth_pct")
        if form.kind == "indicator"
        and (name in block.headings or piece[name].null_count < piece.num_rows)
    ]
    if not figures:
        return bool(piece.num_rows)
    return any(piece[name].null_count < piece.num_rows for name in figures)


def _describe(
    form: Form, submission: Submission, grid: Grid, layout: Layout, number: int, rows: int
) -> Block:
    unit, unit_from = _unit_of(form, layout)
    return Block(
        block=number,
        submission=submission.submission,
        sheet=grid.sheet,
        layout=layout.kind,
        first_header_row=layout.first_header_row,
        header_row=layout.header_row,
        headings=layout.headings,
        rows=rows,
        period=submission.period,
        period_column=layout.period_column,
        unit=unit,
        unit_from=unit_from,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        unit_line=layout.unit_line.text if layout.unit_line else None,
        notes=tuple(layout.notes),
        understood=describe_understood(grid, layout, parse_period(submission.period)),
    )


def _unit_of(form: Form, layout: Layout) -> tuple[str | None, str | None]:
    """The unit of the table's figures, and what said it; rows may each say their own."""
    if layout.has_label_units or "unit" in layout.headings:
        return None, "row name" if layout.has_label_units else "unit column"
    measured = [c.name for c in form.columns if c.unit] or ["value"]
    units = {name: layout.headings[name].unit for name in measured if name in layout.headings}
    stated = [unit for unit in units.values() if unit]
    if not stated:
        return None, "form" if form.kind == "register" and units else None
    line = find_unit(layout.unit_line.unit) if layout.unit_line else None
    stated_by = "unit line" if line in stated else "heading"
    return (stated[0] if len(set(stated)) == 1 else None), stated_by
