"""Findings go back to the sender as a workbook, on the sender's own sheet.

For each submission with findings, `<replies>/<zone>/<period>/<form>.<submission>.xlsx`: a first
sheet with what was sent, the verdict, the colours, how to answer, and every finding linked to its
cell; then the sender's sheets as they were, those cells coloured by grade and commented. The same
finding on many rows is one line with a count; nothing is left uncounted. The workbook can be sent
back as the next revision: hidden cells beside each line say which findings its explanation is for
(`flows.read.explanations`).

Replies are written when the views stand, so that what could move a published number most is asked
first (`influence.py`). Once all is loaded, a receipt for every submission:
`<form>.<submission>.receipt.html` beside its workbook, and `receipts.jsonl`, the chain of all.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import string
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.model.arrow_files import open_table
from flows.model.finding import Finding, Influence, Status, list_findings
from flows.model.submission import Block, Reading, Submission, open_batch
from flows.model.zone import load_zones
from flows.read.grid import Grid, UnreadableError, open_grids
from flows.read.isolation import Fault, call_in_workers
from flows.read.sheet_marks import find_mark
from flows.reply.findings_sheet import LISTING, draw_listing, when_came
from flows.reply.influence import open_influence
from flows.reply.places import cells_of
from flows.reply.receipt import chain_receipts
from flows.reply.receipt_pages import write_pages
from flows.reply.reply_path import reply_path
from flows.reply.sender_sheets import Copy, DrawnCopy, draw_copies, draw_extracts, is_long
from flows.reply.wording import Verdict, grade_of, mend_of, rank_finding
from flows.warehouse.database import read_run
from flows.warehouse.own_faults import Spare, spare_nothing
from flows.workbook.sheet import Sheet
from flows.workbook.sheet_xml import write_workbook

if TYPE_CHECKING:
    from flows.reply.kept_sheets import KeptWorkbook

_MANY = 8  # workbooks from which on it is worth while to hand them to workers
_LETTERS = string.ascii_uppercase
_MAX_COMMENTS = 1_000  # on a sheet; beyond that cells are coloured without a comment


def write_replies(
    folder: Path, raw: Path, replies: Path, spare: Spare = spare_nothing
) -> list[Path]:
    """A workbook for each submission that has findings; returns their paths, without those that
    were spared.
    """
    findings: dict[str, list[Finding]] = collections.defaultdict(list)
    for finding in list_findings(open_table(folder / "finding.arrow")):
        findings[finding.submission].append(finding)
    verdicts = {
        row["submission"]: Verdict(
            Status(row["status"]), row["rows_read"], row["rows_accepted"], row["rows_held"]
        )
        for row in open_table(folder / "judged.arrow").to_pylist()
    }
    blocks: dict[str, list[Block]] = collections.defaultdict(list)
    if (folder / "reading.json").exists():  # there is none for files that belong to no form
        for block in Reading.open(folder).blocks:
            blocks[block.submission].append(block)
    zones = {z["zone"]: f"{z['title_zh']} {z['zone']}" for z in load_zones(raw)}
    influence = open_influence(folder, [f for some in findings.values() for f in some])
    orders = []
    for submission in open_batch(folder):
        target = reply_path(replies, submission, "xlsx")
        target.unlink(missing_ok=True)  # judged anew, perhaps by other rules
        if of_submission := findings.get(submission.submission):
            orders.append(
                _Order(
                    submission,
                    verdicts[submission.submission],
                    of_submission,
                    {f: influence[f] for f in of_submission if f in influence},
                    blocks[submission.submission],
                    zones.get(submission.zone, submission.zone),
                    submission.content_path(raw, folder),
                    folder,
                    target,
                )
            )
    _write_all(orders, spare)
    return [order.target for order in orders if order.target.exists()]


@dataclass(frozen=True)
class _Order:
    """A workbook that is to be written."""

    submission: Submission
    verdict: Verdict
    findings: list[Finding]
    influence: Influence
    blocks: list[Block]
    zone: str
    sent: Path
    folder: Path  # of the batch
    target: Path


def _write_all(orders: list[_Order], spare: Spare) -> None:
    """Write the workbooks, many of them in the workers that read files. What failed there is
    written here, and what ended its worker from the text alone: no file gets out of its limits.
    """
    answers: Iterable[Fault | None] = [None] * len(orders)
    is_many = len(orders) >= _MANY
    if is_many:
        answers = call_in_workers(_write_reply, [(order,) for order in orders])
    for order, answer in zip(orders, answers, strict=True):
        if is_many and not isinstance(answer, Fault):
            continue
        is_own = answer is None or answer.kind == "error"
        with spare(f"replies/{order.target.name}", order.submission.received):
            _write_reply(order, from_text=not is_own)


def write_receipts(run_file: Path, raw: Path, replies: Path, spare: Spare = spare_nothing) -> int:
    """A receipt for each submission in the ledger, and the chain of all. Returns how many pages had
    to be rendered: those of a zone and quarter of which anything is said anew.
    """
    titles = {z["zone"]: f"{z['title_zh']} {z['zone']}" for z in load_zones(raw)}
    with read_run(run_file) as con:
        receipts = chain_receipts(con)
    return write_pages(receipts, replies, titles, spare)


def _open_grids(sent: Path) -> list[Grid]:
    with contextlib.suppress(UnreadableError, OSError):
        return open_grids(sent)
    return []


def _keep(sent: Path, grids: list[Grid]) -> KeptWorkbook | None:
    """The sender's own workbook, where it is one that can be kept. Of a return workbook that came
    back, the sender's sheets alone go on.
    """
    ours = {str(grid.sheet) for grid in grids if find_mark(grid)}
    theirs = [grid.sheet for grid in grids if grid.sheet and grid.sheet not in ours]
    if not theirs or not all(grid.sheet for grid in grids):
        return None
    # a library of a quarter of a second, which a text file does not need
    from flows.reply.kept_sheets import keep_workbook

    return keep_workbook(sent, theirs, ours)


def _draw(order: _Order, grids: list[Grid], is_extract: bool) -> dict[str | None, DrawnCopy]:
    """The sender's sheets drawn anew; of a long file the rows with findings, from the text that was
    read.
    """
    if is_extract:
        wanted: dict[str | None, set[int]] = collections.defaultdict(set)
        for finding in order.findings:
            if finding.row:
                wanted[finding.sheet].add(finding.row)
        text = open_table(order.folder / "text.arrow")
        return draw_extracts(order.blocks, text, wanted, LISTING)
    headers: dict[str | None, int] = {}
    for block in order.blocks:
        headers.setdefault(block.sheet, block.header_row)
    return draw_copies([grid for grid in grids if not find_mark(grid)], headers, LISTING)


def _write_reply(order: _Order, from_text: bool = False) -> None:
    """`from_text`: the file is not opened again."""
    is_extract = bool(order.blocks) and (from_text or is_long(order.blocks))
    grids = [] if is_extract or from_text else _open_grids(order.sent)
    when = when_came(order.submission).astimezone(dt.UTC)
    if kept := _keep(order.sent, grids):
        # the library loads what it cannot write (a number of 400 digits): that is drawn as well
        with contextlib.suppress(Exception):
            kept.save(_make_listing(order, kept.copies), order.target, when)
            return
    drawn = _draw(order, grids, is_extract)
    listing = _make_listing(order, {**drawn})
    write_workbook(order.target, [listing, *(copy.sheet for copy in drawn.values())], when)


def _make_listing(order: _Order, copies: dict[str | None, Copy]) -> Sheet:
    """Our sheet; the cells of the copies are marked."""
    listing = draw_listing(
        order.submission, order.verdict, order.findings, copies, order.zone, order.influence
    )
    for name, copy in copies.items():
        _mark_cells(copy, name, order.findings)
    return listing


# --- the sender's sheets ------------------------------------------------------------------------


def _mark_cells(copy: Copy, sheet: str | None, findings: list[Finding]) -> None:
    """Colour every cell that a finding is about, by the gravest grade, and say why in a comment."""
    by_cell: dict[str, list[Finding]] = collections.defaultdict(list)
    for finding in sorted(findings, key=rank_finding):
        for name, address in cells_of(finding):
            if name == sheet and copy.holds(int(address.lstrip(_LETTERS))):
                by_cell[address].append(finding)
    for number, (address, here) in enumerate(by_cell.items()):
        comment = "\n\n".join(map(_comment_on, here)) if number < _MAX_COMMENTS else None
        copy.mark(address, grade_of(here[0]), comment)


def _comment_on(finding: Finding) -> str:
    mend_zh, mend_en = mend_of(finding)
    words = (
        f"【{grade_of(finding).words}】",
        finding.message_zh,
        finding.message_en,
        f"→ {mend_zh}",
        f"→ {mend_en}",
    )
    return "\n".join(words)
