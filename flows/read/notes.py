"""What notes around a table, and rows of words among its figures, say of the figures.

A note that says what the figures are (`以上为预计数`, `数据为1-8月`) is asked about where the form
asks for others; how a growth is computed, or what a word means, stays a note.
"""

from __future__ import annotations

import functools

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.note_clauses import find_unread, find_wrong_span
from flows.forms.outside_brackets import find_in_note, list_clauses
from flows.forms.vocabulary import Context, Remark, load_vocabulary, read_note, read_price
from flows.forms.words import Text
from flows.model.finding import Finding, Severity
from flows.model.period import parse_period
from flows.model.submission import Submission
from flows.read.layout import Layout, say_meaning

Place = tuple[int | None, str | None, str]  # row and letter of a cell, and its text


def check_notes(
    form: Form, submission: Submission, sheet: str | None, layout: Layout, places: list[Place]
) -> list[Finding]:
    """One finding for each note that says that the figures are not those the form asks for."""
    if layout.kind == "nbs_export":
        return []
    asked = parse_period(submission.period)
    context = Context(form, asked, "line", names=names_of(form))
    findings = []
    for row, letter, text in places:
        make = functools.partial(
            make_finding, submission=submission, sheet=sheet, row=row, letter=letter
        )
        clauses = list_clauses(text)
        spans = [find_wrong_span(c, asked) for c in clauses] if layout.kind == "long" else []
        words = [r for clause in clauses if (r := _read_clause(clause, context))]
        if len(clauses) == 1 and (price := read_price(clauses[0], context)) and price.is_doubtful:
            words.append(price)  # 二、不变价 among the rows
        if form.kind == "register":
            words = [remark for remark in words if remark.means not in _of_rows()]
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


@functools.cache
def _of_rows() -> frozenset[Text]:
    """What words say of lines of indicators, and of a register its rows do."""
    return frozenset(e.means for e in load_vocabulary() if not e.registers)


def _read_clause(clause: str, context: Context) -> Remark | None:
    """What a clause says that is another meaning, or that nobody understands."""
    return find_in_note(clause, context) or _whole(clause, context) or find_unread(clause)


def _whole(clause: str, context: Context) -> Remark | None:
    """A clause that is such a word and no more (`全年计划数`)."""
    remark = read_note(clause, context)
    return remark if remark is not None and remark.span is None else None
