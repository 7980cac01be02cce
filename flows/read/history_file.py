"""A file that brings a history: several quarters, each named in full by a column or by rows.

Each quarter is read as the submission that it would be by itself (decision 17). A file of one
quarter is read once, as ever; whether it has more is told by the headings that were read anyway.
"""

from __future__ import annotations

import dataclasses

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.clock import today_in_beijing
from flows.model.finding import Finding, Severity
from flows.model.period import Period, find_period, parse_period
from flows.model.submission import HISTORY, Submission
from flows.model.zone import Zones
from flows.read.arrangement import explain_arrangement, has_zones
from flows.read.grid import Grid
from flows.read.layout import Share
from flows.read.quarters_down import list_quarters_down
from flows.read.sheets import SubmissionText, read_sheets

_MOST_COMPARED = 3  # a quarter with the same of so many years less one beside it is no history


def read_quarters(
    form: Form, submission: Submission, grids: list[Grid], zones: Zones
) -> list[SubmissionText]:
    """What a file gives: for its own quarter, or for every quarter of its history, newest first;
    the file's own leads. A file of the folder of histories has none of its own.
    """
    is_history = submission.period == HISTORY
    own = None if is_history else parse_period(submission.period)
    as_if = str(own or _quarter_now())
    text = read_sheets(form, dataclasses.replace(submission, period=as_if), grids, zones)
    share = _find_history(form, text, grids, own)
    if share is not None:
        texts = _read_parts(form, submission, grids, zones, share)
        if not (all(t.is_rejected for t in texts) and has_zones(form, grids, zones)):
            return texts
        # quarters are named, and what stands beside them is zones: answered once, not a quarter
        return [_refuse(form, submission, grids, zones)]
    if is_history:
        return _read_by_title(form, submission, grids, zones)
    text.findings = explain_arrangement(form, submission, grids, zones, text.findings)
    return [text]


def _find_history(
    form: Form, text: SubmissionText, grids: list[Grid], own: Period | None
) -> Share | None:
    """The quarters that a file loads, where it brings a history; `own` must be one of them."""
    if form.kind != "indicator":
        return None
    across = frozenset(text.quarters)
    if _is_history(across, own, text.is_export):
        return Share(across)
    if not text.is_rejected:
        return None
    down = frozenset(list_quarters_down(form, grids))
    return Share(down, is_down=True) if _is_history(down, own, is_export=True) else None


def _is_history(quarters: frozenset[Period], own: Period | None, is_export: bool) -> bool:
    """Whether quarters are a history. The same quarter of a year or two before it, beside the one
    that was sent, is there to compare.
    """
    if own is None:
        return bool(quarters)
    compared = {period.quarter for period in quarters} == {own.quarter}
    is_comparison = compared and len(quarters) <= _MOST_COMPARED and not is_export
    return own in quarters and len(quarters) > 1 and not is_comparison


def _read_parts(
    form: Form, submission: Submission, grids: list[Grid], zones: Zones, share: Share
) -> list[SubmissionText]:
    newest = sorted(share.loaded, reverse=True)
    if submission.period != HISTORY:
        newest.sort(key=lambda period: str(period) != submission.period)
    texts = []
    for period in newest:
        is_own = str(period) == submission.period
        mine = dataclasses.replace(share, is_own=is_own)
        texts.append(read_sheets(form, submission.part(str(period)), grids, zones, mine))
    lead = texts[0]
    lead.findings.insert(0, _say_history(lead.submission, share))
    notes = {_place_of(f) for f in lead.findings if f.severity == Severity.NOTE}
    for text in texts[1:]:  # a note about the file is given once
        text.findings = [f for f in text.findings if _place_of(f) not in notes]
    return texts


def _read_by_title(
    form: Form, submission: Submission, grids: list[Grid], zones: Zones
) -> list[SubmissionText]:
    """A file of the folder of histories whose columns name no quarter: that of its title, if it has
    one; else it is refused.
    """
    titles = (cell for grid in grids for row in grid.head[:5] for cell in row if cell)
    named = {period for cell in titles if (period := find_period(cell))}
    if len(named) == 1:
        part = submission.part(str(named.pop()))
        text = read_sheets(form, part, grids, zones)
        if not text.is_rejected:
            return [text]
    return [_refuse(form, submission, grids, zones)]


def _refuse(form: Form, submission: Submission, grids: list[Grid], zones: Zones) -> SubmissionText:
    """A file whose quarters cannot be told; in words where it has them in another arrangement."""
    refusal = [make_finding("FILE-HISTORY", submission, sheet=grid.sheet) for grid in grids]
    findings = explain_arrangement(form, submission, grids, zones, refusal)
    arranged = [f for f in findings if f.code == "LAYOUT-ARRANGED"]
    return SubmissionText(submission, findings=arranged or refusal[:1])


def _say_history(submission: Submission, share: Share) -> Finding:
    quarters = [str(period) for period in sorted(share.loaded)]
    return make_finding(
        "LAYOUT-HISTORY",
        submission,
        value=f"{quarters[0]}–{quarters[-1]}",
        count=len(quarters),
        quarters_zh="、".join(quarters),
        quarters_en=", ".join(quarters),
    )


def _place_of(finding: Finding) -> tuple[object, ...]:
    """What a finding says and where, whatever quarter it is given for."""
    return finding.code, finding.sheet, finding.row, finding.cell, finding.message_zh


def _quarter_now() -> Period:
    today = today_in_beijing()
    return Period(today.year, (today.month + 2) // 3)
