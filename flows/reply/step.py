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
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook import Workbook

from flows.model.arrow_files import open_table
from flows.model.finding import Finding, Influence, Status
from flows.model.submission import Block, Reading, Submission, open_batch
from flows.model.whole_file import write_whole
from flows.model.zone import load_zones
from flows.read.cell_facts import COMMENT_MARK
from flows.read.grid import UnreadableError, open_grids
from flows.read.isolation import Fault, call_in_workers
from flows.read.sheet_marks import find_mark
from flows.reply.cells import put_comment
from flows.reply.findings_sheet import LISTING, fill_listing, paint, when_came
from flows.reply.influence import open_influence
from flows.reply.places import cells_of
from flows.reply.receipt import LEDGER, Facts, chain_receipts, line_of, render_receipt
from flows.reply.sender_sheets import Copy, anchor_of, copy_sheets, extract_sheets, is_long
from flows.reply.wording import GRADES, Verdict, grade_of, mend_of, rank_finding
from flows.reply.workbook_file import save_workbook
from flows.warehouse.database import read_run
from flows.warehouse.own_faults import Spare, spare_nothing

_MANY = 8  # workbooks from which on it is worth while to hand them to workers
_MAX_NAME = 200  # bytes of a file's name that is no form; a file system takes 255 in all
_MAX_COMMENTS = 1_000  # on a sheet; beyond that cells are coloured without a comment


def write_replies(
    folder: Path, raw: Path, replies: Path, spare: Spare = spare_nothing
) -> list[Path]:
    """A workbook for each submission that has findings; returns their paths, without those that
    were spared.
    """
    findings: dict[str, list[Finding]] = collections.defaultdict(list)
    for row in open_table(folder / "finding.arrow").to_pylist():
        findings[row["submission"]].append(Finding(**row))
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
        target = _reply_path(replies, submission, "xlsx")
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
    """A receipt for each submission in the ledger, and the chain of all. Returns their number."""
    zones = {z["zone"]: f"{z['title_zh']} {z['zone']}" for z in load_zones(raw)}
    with read_run(run_file) as con:
        receipts = chain_receipts(con)
    for receipt in receipts:
        facts = receipt.facts
        target = _reply_path(replies, facts, "receipt.html")
        with spare(f"replies/{target.name}"):
            page = render_receipt(receipt, zones.get(facts.zone, facts.zone)).encode()
            if not target.exists() or target.read_bytes() != page:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(page)
    replies.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{line_of(receipt)}\n" for receipt in receipts)
    write_whole(replies / LEDGER, lines.encode())
    return len(receipts)


def _reply_path(replies: Path, sent: Submission | Facts, ending: str) -> Path:
    """Where what goes back stands. Of a name that fits no form the file has as much as file systems
    take with our ending, and the identity of the submission tells it from others.
    """
    name = os.fsencode(sent.form)[:_MAX_NAME].decode(errors="ignore")
    return replies / sent.zone / sent.period / f"{name}.{sent.submission}.{ending}"


def _take_sheets(
    sent: Path, blocks: list[Block], folder: Path, findings: list[Finding], from_text: bool
) -> tuple[Workbook, dict[str | None, Copy]]:
    """The sender's sheets: as they were, or, of a long file and `from_text`, the rows with findings
    from the text that was read.
    """
    if blocks and (from_text or is_long(blocks)):
        wanted: dict[str | None, set[int]] = collections.defaultdict(set)
        for finding in findings:
            if finding.row:
                wanted[finding.sheet].add(finding.row)
        return extract_sheets(blocks, open_table(folder / "text.arrow"), wanted)
    grids = []
    with contextlib.suppress(UnreadableError, OSError):
        grids = [] if from_text else open_grids(sent)
    headers: dict[str | None, int] = {}
    for block in blocks:
        headers.setdefault(block.sheet, block.header_row)
    ours = {grid.sheet for grid in grids if find_mark(grid)}
    workbook, copies = copy_sheets(
        sent, [grid for grid in grids if grid.sheet not in ours], headers
    )
    for name in ours & set(
        workbook.sheetnames
    ):  # of a return workbook that came back, the sender's sheets alone go on
        workbook.remove(workbook[str(name)])
    if ours:
        for copy in copies.values():
            _wipe_marks(copy)
    return workbook, copies


def _write_reply(order: _Order, from_text: bool = False) -> None:
    findings = order.findings
    workbook, copies = _take_sheets(order.sent, order.blocks, order.folder, findings, from_text)
    listing = workbook.create_sheet(LISTING, 0)
    fill_listing(
        listing, order.submission, order.verdict, findings, copies, order.zone, order.influence
    )
    for name, copy in copies.items():
        _mark_cells(copy, name, findings)
    workbook.active = 0
    save_workbook(workbook, order.target, when_came(order.submission).astimezone(dt.UTC))


# --- the sender's sheets ------------------------------------------------------------------------


def _mark_cells(copy: Copy, sheet: str | None, findings: list[Finding]) -> None:
    """Colour every cell that a finding is about, by the gravest grade, and say why in a comment."""
    by_cell: dict[str, list[Finding]] = collections.defaultdict(list)
    for finding in sorted(findings, key=rank_finding):
        for name, address in cells_of(finding):
            if name == sheet and copy.holds(coordinate_to_tuple(address)[0]):
                by_cell[address].append(finding)
    for number, (address, here) in enumerate(by_cell.items()):
        cell = anchor_of(copy.sheet, address)
        paint(cell, grade_of(here[0]))
        if number < _MAX_COMMENTS:
            put_comment(cell, "\n\n".join(map(_comment_on, here)))


def _wipe_marks(copy: Copy) -> None:
    """Take off the colours and comments of an earlier reply, so that only what is wrong now is
    marked.
    """
    fills = {grade.fill for grade in GRADES.values()}
    for cell in copy.sheet._cells.values():
        if isinstance(cell, MergedCell):
            continue
        if cell.comment and (match := COMMENT_MARK.search(cell.comment.text)):
            own = cell.comment.text[: match.start()].strip()
            cell.comment = Comment(own, cell.comment.author) if own else None
        if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[2:] in fills:
            cell.fill, cell.border = PatternFill(), Border()


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
