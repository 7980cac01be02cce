"""Files of one form become one table of text that knows its cells.

In: submissions of a form. Out, in the form's folder: `text.arrow` (`_rid`, `_block`, `_row` and a
text column a field), `reading.json` (how each table was found), `unread.arrow` (the rows of
submissions whose layout is not understood, whole, for quarantine) and, where a file brings several
quarters, `parts.jsonl` (what it is for each of them). Nothing is cast here.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from itertools import starmap
from pathlib import Path

import numpy as np
import pyarrow as pa

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.arrow_files import save_table
from flows.model.clock import today_in_beijing
from flows.model.errors import ReadingError, UnreadableError
from flows.model.finding import Finding
from flows.model.period import parse_period
from flows.model.submission import (
    HISTORY,
    Reading,
    Submission,
    letter_of,
    restamp,
    save_parts,
)
from flows.model.zone import Zones, load_zones
from flows.read.explanations import find_reason, set_aside
from flows.read.grid import Grid, open_grids
from flows.read.history_file import read_quarters
from flows.read.isolation import Fault, call_in_workers
from flows.read.limits import word_overrun
from flows.read.sheets import SubmissionText

_UNREAD: dict[str, pa.DataType] = {
    "submission": pa.string(),
    "sheet": pa.string(),
    "row": pa.int32(),
    "data": pa.string(),
}
UNREAD_SCHEMA = pa.schema(list(_UNREAD.items()))


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
    parts: list[Submission] = []
    for submission, result in zip(submissions, results, strict=True):
        texts = [_refuse(submission, result)] if isinstance(result, Fault) else result
        parts += [text.submission for text in texts if text.submission.part_of]
        for text in texts:
            tables += _add(reading, text)
            unread += text.unread
    folder.mkdir(parents=True, exist_ok=True)
    save_parts(parts, folder)
    reading.save(folder)
    save_table(_stack(form, tables), folder / "text.arrow")
    save_table(pa.concat_tables([UNREAD_SCHEMA.empty_table(), *unread]), folder / "unread.arrow")


def _add(reading: Reading, text: SubmissionText) -> list[pa.Table]:
    """Add what one file gave for one quarter; returns its tables with their blocks numbered on."""
    first = len(reading.blocks)
    tables = []
    for block, piece in zip(text.blocks, text.pieces, strict=True):
        number = first + block.block
        reading.blocks.append(dataclasses.replace(block, block=number))
        numbers = pa.repeat(pa.scalar(number, pa.int32()), piece.num_rows)
        tables.append(piece.append_column("_block", numbers))
    rows = sum(table.num_rows for table in (*text.pieces, *text.unread))
    reading.rows_read[text.submission.submission] = rows
    reading.findings += text.findings
    reading.explanations += text.explanations
    return tables


def read_submission(
    form: Form, submission: Submission, sent: Path, zones: Zones
) -> list[SubmissionText]:
    """Read one file, `sent`: what it gives for its quarter, or for each that it brings. What is
    wrong with it is among the findings.
    """
    grids, findings = _open(submission, sent)
    make = functools.partial(make_finding, submission=submission)
    grids, explanations, more = set_aside(grids, submission, make)
    reasons, short = find_reason(grids, submission, make)
    texts = read_quarters(form, submission, grids, zones) if grids else []
    texts = texts or [SubmissionText(submission)]
    texts[0].findings[:0] = [restamp(f, texts[0].submission) for f in findings + more + short]
    texts[0].explanations += [
        dataclasses.replace(e, submission=texts[0].submission.submission) for e in explanations
    ]
    for text in texts:
        text.explanations += [
            dataclasses.replace(reason, submission=text.submission.submission) for reason in reasons
        ]
        text.findings += _check_future(text.submission)
        if text.is_rejected:
            text.blocks, text.pieces = [], []
            text.unread = [_keep_whole(text.submission, grid) for grid in grids]
    return texts


def _refuse(submission: Submission, fault: Fault) -> SubmissionText:
    """A file that overran its limits or ended its reader. Raises ReadingError for a fault
    of ours.
    """
    if fault.kind == "error":
        raise ReadingError(f"{submission.path}: {fault.detail}\n{fault.trace}")
    if fault.kind == "crash":
        crash = make_finding("FILE-CRASHED", submission, problem=fault.detail)
        return SubmissionText(submission, findings=[crash])
    words = word_overrun(fault.kind, fault.detail)
    finding = make_finding("FILE-LIMIT", submission, problem_zh=words.zh, problem_en=words.en)
    return SubmissionText(submission, findings=[finding])


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
        sheet, row, letter = problem.place
        return [], [
            make_finding(
                problem.code,
                submission,
                sheet=sheet,
                row=row,
                letter=letter,
                bytes=submission.bytes,
                problem_zh=problem.problem_zh,
                problem_en=problem.problem_en,
            )
        ]


def _check_future(submission: Submission) -> list[Finding]:
    """A quarter that has not begun has no figures yet."""
    if submission.period == HISTORY:
        return []
    period = parse_period(submission.period)
    today = today_in_beijing()
    if (period.year, period.quarter * 3 - 2) <= (today.year, today.month):
        return []
    return [make_finding("FILE-FUTURE", submission, today=today.isoformat())]


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
