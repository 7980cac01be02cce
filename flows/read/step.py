"""Files of one form become one table of text that knows its cells.

In: submissions of a form. Out, in the form's folder: `text.arrow` (`_rid`, `_block`, `_row` and a
text column a field), `reading.json` (how each table was found) and `unread.arrow` (the rows of
submissions whose layout is not understood, whole, for quarantine). Nothing is cast here.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path

import numpy as np
import pyarrow as pa

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.arrow_files import save_table
from flows.model.clock import today_in_beijing
from flows.model.errors import ReadingError, UnreadableError
from flows.model.finding import Finding, Severity
from flows.model.period import parse_period
from flows.model.submission import Block, Explanation, Reading, Submission, letter_of
from flows.model.unit import find_unit
from flows.model.zone import Zones, load_zones
from flows.read.answers import set_aside
from flows.read.cell_findings import find_cell_faults, spread_merged
from flows.read.grid import Grid, open_grids
from flows.read.isolation import Fault, call_in_workers
from flows.read.layout import Layout
from flows.read.left_out import say_cut_figures, say_left_out
from flows.read.rows import cut_rows
from flows.read.table import find_layouts
from flows.read.titles import check_titles
from flows.read.understood import describe_understood
from flows.read.units import check_statements

_UNREAD: dict[str, pa.DataType] = {
    "submission": pa.string(),
    "sheet": pa.string(),
    "row": pa.int32(),
    "data": pa.string(),
}
UNREAD_SCHEMA = pa.schema(list(_UNREAD.items()))


@dataclass
class SubmissionText:
    """What one file gave: its tables, its text with `_block` counted from 0, and what is wrong."""

    blocks: list[Block] = field(default_factory=list)
    pieces: list[pa.Table] = field(default_factory=list)
    unread: list[pa.Table] = field(default_factory=list)  # every row, where the file is refused
    findings: list[Finding] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)


def read_form(
    form: Form, submissions: list[Submission], raw: Path, folder: Path, *, isolated: bool = False
) -> None:
    """Read every submission of a form; one that cannot be read becomes findings and stops no other.

    `isolated`: in worker processes with limits, so that a file that kills its reader is a finding
    too. Raises ReadingError for what our own code did not foresee about a file.
    """
    zones = {zone["zone"]: zone for zone in _list_zones(raw)}
    calls = [(form, s, s.content_path(raw, folder), zones) for s in submissions]
    results = (
        call_in_workers(read_submission, calls) if isolated else starmap(read_submission, calls)
    )
    reading = Reading(form.code)
    tables: list[pa.Table] = []
    unread: list[pa.Table] = []
    for submission, result in zip(submissions, results, strict=True):
        text = _refuse(submission, result) if isinstance(result, Fault) else result
        first = len(reading.blocks)
        for block, piece in zip(text.blocks, text.pieces, strict=True):
            number = first + block.block
            reading.blocks.append(dataclasses.replace(block, block=number))
            numbers = pa.repeat(pa.scalar(number, pa.int32()), piece.num_rows)
            tables.append(piece.append_column("_block", numbers))
        unread += text.unread
        rows = sum(table.num_rows for table in (*text.pieces, *text.unread))
        reading.rows_read[submission.submission] = rows
        reading.findings += text.findings
        reading.explanations += text.explanations
    folder.mkdir(parents=True, exist_ok=True)
    reading.save(folder)
    save_table(_stack(form, tables), folder / "text.arrow")
    save_table(pa.concat_tables([UNREAD_SCHEMA.empty_table(), *unread]), folder / "unread.arrow")


def read_submission(form: Form, submission: Submission, sent: Path, zones: Zones) -> SubmissionText:
    """Read one file, `sent`. What is wrong with it is among the findings of the result."""
    grids, findings = _open(submission, sent)
    findings += _check_future(submission)
    grids, explanations, more = set_aside(
        grids, submission, functools.partial(make_finding, submission=submission)
    )
    findings += more
    blocks, pieces, more = _read_grids(form, submission, grids, zones)
    findings += more
    if any(f.severity == Severity.REJECT for f in findings):
        kept = [_keep_whole(submission, grid) for grid in grids]
        return SubmissionText([], [], kept, findings, explanations)
    return SubmissionText(blocks, pieces, [], findings, explanations)


def _refuse(submission: Submission, fault: Fault) -> SubmissionText:
    """A file that overran its limits or ended its reader. Raises ReadingError for a fault
    of ours.
    """
    if fault.kind == "error":
        raise ReadingError(f"{submission.path}: {fault.detail}\n{fault.trace}")
    if fault.kind == "crash":
        return SubmissionText(
            findings=[make_finding("FILE-CRASHED", submission, problem=fault.detail)]
        )
    what_zh, what_en = {
        "memory": ("读取它所需的内存（字节）", "bytes of memory to read it"),
        "seconds": ("读取它所需的秒数", "seconds to read it"),
    }[fault.kind]
    finding = make_finding(
        "FILE-LIMIT",
        submission,
        problem_zh=f"{what_zh}超过上限 {fault.detail}",
        problem_en=f"{what_en}: more than {fault.detail}",
    )
    return SubmissionText(findings=[finding])


def _list_zones(raw: Path) -> list[dict[str, str]]:
    """The zones known; a list beside the submissions that cannot be read was complained of when
    they
    were received.
    """
    try:
        return load_zones(raw)
    except ValueError:
        return load_zones()


def _open(submission: Submission, sent: Path) -> tuple[list[Grid], list[Finding]]:
    try:
        return open_grids(sent), []
    except UnreadableError as problem:
        return [], [
            make_finding(
                problem.code,
                submission,
                bytes=submission.bytes,
                problem_zh=problem.problem_zh,
                problem_en=problem.problem_en,
            )
        ]


def _check_future(submission: Submission) -> list[Finding]:
    """A quarter that has not begun has no figures yet."""
    period = parse_period(submission.period)
    today = today_in_beijing()
    if (period.year, period.quarter * 3 - 2) <= (today.year, today.month):
        return []
    return [make_finding("FILE-FUTURE", submission, today=today.isoformat())]


def _read_grids(
    form: Form, submission: Submission, grids: list[Grid], zones: Zones
) -> tuple[list[Block], list[pa.Table], list[Finding]]:
    found = functools.partial(make_finding, submission=submission)
    blocks: list[Block] = []
    pieces: list[pa.Table] = []
    findings: list[Finding] = []
    strangers: list[Grid] = []
    for grid in grids:
        layouts, problems = find_layouts(form, grid, parse_period(submission.period), found)
        if not layouts or grid.is_hidden:
            strangers.append(grid)
            findings += [found("LAYOUT-HIDDEN", sheet=grid.sheet)] if layouts else []
            continue
        findings += problems
        findings += check_titles(form, submission, grid, layouts, zones)
        for layout in layouts:
            grid = spread_merged(form, grid, layout)
            findings += find_cell_faults(form, grid, layout, found)
            piece = cut_rows(form, grid, layout)
            findings += say_left_out(form, submission, grid, layout, piece)
            findings += say_cut_figures(grid, layout, found)
            findings += check_statements(form, grid, layout, piece, found)
            block = _describe(form, submission, grid, layout, len(blocks), piece.num_rows)
            blocks.append(block)
            pieces.append(piece)
    for grid in strangers:
        if len(strangers) == len(grids):
            findings.append(
                found(
                    "LAYOUT-HEADER",
                    sheet=grid.sheet,
                    expected="、".join(c.title.zh for c in form.columns if c.present),
                )
            )
        elif not any(f.code == "LAYOUT-HIDDEN" and f.sheet == grid.sheet for f in findings):
            findings.append(found("LAYOUT-SHEET", sheet=grid.sheet))
    if pieces and not any(
        _holds_figures(form, block, piece) for block, piece in zip(blocks, pieces, strict=True)
    ):
        findings.append(found("LAYOUT-EMPTY", sheet=grids[0].sheet))
    return blocks, pieces, findings


def _holds_figures(form: Form, block: Block, piece: pa.Table) -> bool:
    """Whether anything was filled in: of an indicator form, whose lines are printed, one level or
    growth.
    """
    figures = [
        name
        for name in ("value", "growth_pct")
        if form.kind == "indicator" and name in block.headings
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
    if layout.has_label_units:
        return None, "row name"
    if "unit" in layout.headings:
        return None, "unit column"
    measured = [c.name for c in form.columns if c.unit] or ["value"]
    units = {name: layout.headings[name].unit for name in measured if name in layout.headings}
    said = [unit for unit in units.values() if unit]
    if not said:
        return None, "form" if form.kind == "register" and units else None
    line = find_unit(layout.unit_line.unit) if layout.unit_line else None
    return (said[0] if len(set(said)) == 1 else None), "unit line" if line in said else "heading"


def _keep_whole(submission: Submission, grid: Grid) -> pa.Table:
    """Every row of a sheet that is not understood, as JSON of its cells by column letter."""
    letters = [letter_of(i) for i in range(grid.table.num_columns)]
    rows = [dict(zip(letters, row.values(), strict=True)) for row in grid.table.to_pylist()]
    kept = [
        (n, {k: v for k, v in row.items() if v is not None}) for n, row in enumerate(rows, start=1)
    ]
    return pa.table(
        {
            "submission": [submission.submission for _, row in kept if row],
            "sheet": [grid.sheet for _, row in kept if row],
            "row": [n for n, row in kept if row],
            "data": [json.dumps(row, ensure_ascii=False) for _, row in kept if row],
        },
        schema=UNREAD_SCHEMA,
    )


def _stack(form: Form, tables: list[pa.Table]) -> pa.Table:
    """One table of all submissions; `_rid` numbers its rows."""
    fields: dict[str, pa.DataType] = {"_block": pa.int32(), "_row": pa.int32()}
    fields |= {c.name: pa.string() for c in form.columns}
    schema = pa.schema(list(fields.items()))
    table = pa.concat_tables(
        [schema.empty_table(), *(t.select(schema.names).cast(schema) for t in tables)]
    )
    return table.add_column(0, "_rid", pa.array(np.arange(table.num_rows, dtype=np.int64)))
