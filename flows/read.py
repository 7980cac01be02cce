"""Stage: read. Files of one form become one table of text that knows its cells.

In: submissions of a form. Out, in the form's folder: `text.arrow` (`_rid`, `_block`, `_row` and a
text column a field), `reading.json` (how each table was found) and `unread.arrow` (the rows of
submissions whose layout is not understood, whole, for quarantine). Nothing is cast here.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from flows.explanations import set_aside
from flows.findings import Finding, Severity
from flows.forms import Form
from flows.grids import Grid, UnreadableError, open_grids
from flows.handoff import save_table
from flows.layouts import Layout, cut_rows, find_layouts
from flows.rules import make_finding
from flows.submissions import Block, Reading, Submission, letter_of

UNREAD_SCHEMA = pa.schema([("submission", pa.string()), ("sheet", pa.string()), ("row", pa.int32()), ("data", pa.string())])


def read_form(form: Form, submissions: list[Submission], raw: Path, folder: Path) -> None:
    """Read every submission of a form; one that cannot be read becomes findings and stops no other."""
    reading = Reading(form.code)
    numbers = itertools.count()
    tables: list[pa.Table] = []
    unread: list[pa.Table] = []
    for submission in submissions:
        grids, findings = _open(raw, submission)
        grids, explanations, more = set_aside(grids, submission, functools.partial(make_finding, submission=submission))
        findings += more
        reading.explanations += explanations
        blocks, pieces, more = _read_grids(form, submission, grids, numbers)
        findings += more
        rejected = any(f.severity == Severity.REJECT for f in findings)
        if rejected:
            kept = [_keep_whole(submission, grid) for grid in grids]
            unread += kept
            reading.rows_read[submission.submission] = sum(table.num_rows for table in kept)
        else:
            tables += pieces
            reading.blocks += blocks
            reading.rows_read[submission.submission] = sum(piece.num_rows for piece in pieces)
        reading.findings += findings
    folder.mkdir(parents=True, exist_ok=True)
    reading.save(folder)
    save_table(_stack(form, tables), folder / "text.arrow")
    save_table(pa.concat_tables([UNREAD_SCHEMA.empty_table(), *unread]), folder / "unread.arrow")


def _open(raw: Path, submission: Submission) -> tuple[list[Grid], list[Finding]]:
    try:
        return open_grids(raw / submission.path), []
    except UnreadableError as problem:
        return [], [
            make_finding(
                problem.code, submission, bytes=submission.bytes,
                problem_zh=problem.problem_zh, problem_en=problem.problem_en,
            )
        ]  # fmt: skip


def _read_grids(
    form: Form, submission: Submission, grids: list[Grid], numbers: Iterator[int]
) -> tuple[list[Block], list[pa.Table], list[Finding]]:
    found = functools.partial(make_finding, submission=submission)
    blocks: list[Block] = []
    pieces: list[pa.Table] = []
    findings: list[Finding] = []
    strangers: list[Grid] = []
    for grid in grids:
        layouts, problems = find_layouts(form, grid, found)
        findings += problems
        findings += _check_periods(submission, grid, layouts)
        if not layouts:
            strangers.append(grid)
        for layout in layouts:
            piece = cut_rows(form, grid, layout)
            block = _describe(submission, grid, layout, next(numbers), piece.num_rows)
            blocks.append(block)
            pieces.append(piece.append_column("_block", pa.repeat(pa.scalar(block.block, pa.int32()), piece.num_rows)))
    for grid in strangers:
        if len(strangers) == len(grids):
            findings.append(found("LAYOUT-HEADER", sheet=grid.sheet, expected="、".join(c.title.zh for c in form.columns if c.present)))
        else:
            findings.append(found("LAYOUT-SHEET", sheet=grid.sheet))
    if pieces and not any(piece.num_rows for piece in pieces):
        findings.append(found("LAYOUT-EMPTY", sheet=grids[0].sheet))
    return blocks, pieces, findings


def _check_periods(submission: Submission, grid: Grid, layouts: list[Layout]) -> list[Finding]:
    """The quarter in the title of each table must be the quarter the file was sent for."""
    findings = []
    for layout in layouts:
        if layout.periods and not any(str(period) == submission.period for *_, period in layout.periods):
            row, letter, cell, period = layout.periods[0]
            findings.append(make_finding("FILE-PERIOD", submission, sheet=grid.sheet, row=row, letter=letter, value=cell, found=period))
    return findings


def _describe(submission: Submission, grid: Grid, layout: Layout, number: int, rows: int) -> Block:
    return Block(
        block=number, submission=submission.submission, sheet=grid.sheet, header_row=layout.header_row,
        headings=layout.headings, rows=rows, period=submission.period, encoding=grid.encoding,
        delimiter=grid.delimiter, unit_line=layout.unit_line.text if layout.unit_line else None, notes=tuple(layout.notes),
    )  # fmt: skip


def _keep_whole(submission: Submission, grid: Grid) -> pa.Table:
    """Every row of a sheet that is not understood, as JSON of its cells by column letter."""
    letters = [letter_of(i) for i in range(grid.table.num_columns)]
    rows = [dict(zip(letters, row.values(), strict=True)) for row in grid.table.to_pylist()]
    kept = [(n, {k: v for k, v in row.items() if v is not None}) for n, row in enumerate(rows, start=1)]
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
    schema = pa.schema([("_block", pa.int32()), ("_row", pa.int32()), *((c.name, pa.string()) for c in form.columns)])
    table = pa.concat_tables([schema.empty_table(), *(t.select(schema.names).cast(schema) for t in tables)])
    return table.add_column(0, "_rid", pa.array(np.arange(table.num_rows, dtype=np.int64)))
