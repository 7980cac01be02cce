"""What notes around a table, and rows of words among its figures, say of the figures.

A note that says what the figures are (`以上为预计数`, `数据为1-8月`) is asked about where the form
asks for others; how a growth is computed, or what a word means, stays a note.
"""

from __future__ import annotations

import functools
import re

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.outside_brackets import find_in_note, list_clauses
from flows.forms.vocabulary import Context
from flows.model.finding import Finding, Severity
from flows.model.period import Period, parse_period
from flows.model.span import Span, find_spans
from flows.model.submission import Submission
from flows.read.layout import Layout, say_meaning

Place = tuple[int | None, str | None, str]  # row and letter of a cell, and its text

# the figures are of, or the line is labelled as their period
_OF_FIGURES = re.compile(
    r"^(?:(?:本表|本期|以上|以下|上述|下列|表内|表中|上表|各项|所有|全部)*(?:各项|主要)?(?:数据|指标|数字|数值|数)?(?:均|都|全)?(?:为|是|系)"
    r"|(?:数据|统计|资料)(?:时间|期间?|日期|所属期|时段|口径)|报告期别?|所属期|所属时期|统计期|数据截[至止]|period)"
)
_COMPARES = re.compile("[增速比较价改订]|修正|调整")
_DAYS = ("day", "date")


def check_notes(
    form: Form, submission: Submission, sheet: str | None, layout: Layout, places: list[Place]
) -> list[Finding]:
    """One finding for each note that says that the figures are not those the form asks for."""
    if form.kind != "indicator" or layout.kind == "nbs_export":
        return []
    asked = parse_period(submission.period)
    context = Context(form, asked, "line", names=names_of(form))
    findings = []
    for row, letter, text in places:
        make = functools.partial(
            make_finding, submission=submission, sheet=sheet, row=row, letter=letter
        )
        clauses = list_clauses(text)
        spans = [_wrong_span(c, asked) for c in clauses] if layout.kind == "long" else []
        words = [remark for c in clauses if (remark := find_in_note(c, context))]
        if span := next((s for s in spans if s), None):
            zh, en = span.title
            findings.append(
                make(
                    "FILE-SPAN",
                    severity=Severity.QUERY,
                    value=text,
                    span_zh=zh,
                    span_en=en,
                    asked=asked.title_zh,
                )
            )
        elif words:
            findings.append(say_meaning(make, text, words[0], Severity.QUERY))
    return findings


def _wrong_span(clause: str, asked: Period) -> Span | None:
    """The span that a clause says the figures are of, where it is not that of the form."""
    spans, rest = find_spans(clause)
    is_alone = not rest.strip("\0:()-、")
    if is_alone:
        spans = tuple(s for s in spans if s.kind not in _DAYS)
    elif not _OF_FIGURES.match(clause) or _COMPARES.search(rest):
        return None
    return next((s for s in spans if not s.fits(asked) and s.kind != "unreadable"), None)
