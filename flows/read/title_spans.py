"""The spans of time that the titles of a table, its sheet's name and its pages give."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.forms.vocabulary import UNREAD_SPAN
from flows.forms.words import Text
from flows.model.finding import Finding, Severity
from flows.model.period import Period, find_period, parse_period
from flows.model.span import Span, find_spans, find_suspect
from flows.model.span_spelling import read_bare_months
from flows.model.submission import Submission
from flows.read.grid import Grid
from flows.read.layout import Layout
from flows.read.notes import Place

_DATED = re.compile(
    r"(报出日期|填报日期|填报时间|制表日期|制表时间|编制日期|打印日期|打印时间|导出时间|更新时间|发布日期|发布时间|印发日期|有效期至?|批准文号|备案文号|日期"
    r"|date)[^:：]{0,10}[:：]\s*\S*",
    re.I,
)
EXPLAINS = re.compile(
    r"^[\s(（【*]*(注|备注|说明|修订原因|修订说明|附注|数据来源|资料来源|note|source)", re.I
)
# what a span of time may be cut into, cell by cell
_PIECE = re.compile(r"[\d年月季度至到一二三四五六七八九十第前上半\-—–~～./\s]{1,6}\Z")
_COMPARED = re.compile("对比|比较|对照|compared|versus", re.I)  # with another year, in one title


def check_spans(form: Form, submission: Submission, grid: Grid, layout: Layout) -> list[Finding]:
    """Every span that a title or the sheet's name gives must be the one that the file was sent for.

    One that is not rejects; beside a title that is right it is asked about.
    """
    if layout.kind == "nbs_export":
        return []
    places: list[Place] = [*join_cells(layout.titles), (None, None, grid.sheet or "")]
    printed = list_page_headers(grid)
    named = [
        (place, span) for place in (*printed, *places) for span in find_spans(_undated(place[2]))[0]
    ]
    named += _of_name(submission, grid, named)
    if layout.kind in ("wide", "down"):
        return _check_years(submission, grid, layout, named) + _suspects(submission, grid, places)
    asked = parse_period(submission.period)
    right = [place for place, span in named if span.fits(asked) and _is_span(span)]
    is_dated = any(span.year and span.kind != "years" for place, span in named if place in right)
    is_titled = any(place[0] is not None for place in right)
    is_said = _says_months(layout, asked)
    compared = [place for place in right if _COMPARED.search(place[2])]
    wrong = [
        (p, span)
        for p, span in named
        if (
            not span.fits(asked)
            or (not right and _is_open(form, span, asked))
            or (span.kind == "years" and not is_dated)
        )
        and not (p in compared and span.year in (None, asked.year - 1, asked.year))
        and not (is_said and _is_last_month(span, asked))
    ]
    findings = []
    for place, span in {(place, span.title): (place, span) for place, span in wrong}.values():
        is_sheet = place[0] is None
        is_certain = _is_span(span) or span.kind == "year"
        beside = is_titled or (is_sheet and bool(right)) or place in printed  # an old one, perhaps
        grade = Severity.REJECT if is_certain and not beside else Severity.QUERY
        findings.append(_say_span(submission, grid, place, span, grade))
    rejects = [f for f in findings if f.severity == Severity.REJECT]
    return (rejects[:1] or findings) + _suspects(submission, grid, places)


def join_cells(titles: Sequence[Place]) -> list[Place]:
    """Titles; those that are cut into the cells of a row (`2022`, `年`, `1-8`, `月`) are one."""
    joined: list[Place] = []
    for row, cells in itertools.groupby(titles, key=lambda title: title[0]):
        for is_piece, some in itertools.groupby(
            cells, key=lambda cell: bool(_PIECE.match(cell[2]))
        ):
            pieces = list(some)
            whole = "".join(text for _, _, text in pieces)
            is_cut = is_piece and _has_span(whole) and not any(_has_span(p[2]) for p in pieces)
            joined += [(row, pieces[0][1], whole)] if is_cut else pieces
    return joined


def _says_months(layout: Layout, asked: Period) -> bool:
    """Whether the heading of the levels names the months that are asked for (`1-9月`)."""
    heading = layout.headings.get("value")
    spans = find_spans(heading.text)[0] if heading else ()
    return any(s.kind in ("months", "first") and s.fits(asked) for s in spans)


def _is_last_month(span: Span, asked: Period) -> bool:
    """The month by which a report is called; its figures say themselves what they are of."""
    is_last = span.first == span.last == asked.quarter * 3
    return span.kind == "month" and is_last and span.year in (None, asked.year)


def _has_span(text: str) -> bool:
    return any(_is_span(span) for span in find_spans(text)[0])


def _is_open(form: Form, span: Span, asked: Period) -> bool:
    """Whether a title leaves open which figures it is of: 2021-2022年 over one column, or 2022年度
    before its last quarter.
    """
    if span.kind == "years":
        return True
    is_outcome = form.kind == "indicator" and all(i.basis != "plan" for i in form.indicators)
    return span.kind == "year" and span.text.endswith("度") and asked.quarter < 4 and is_outcome


def _of_name(
    submission: Submission, grid: Grid, named: list[tuple[Place, Span]]
) -> list[tuple[Place, Span]]:
    """The months that are all of the sheet's name (`1-8`, 0831), where it names none in full."""
    name = grid.sheet or ""
    year = parse_period(submission.period).year
    months = read_bare_months(name, year)
    if months is None or any(place == (None, None, name) for place, _ in named):
        return []
    return [((None, None, name), Span(name, "bare", None, *months))]


def list_page_headers(grid: Grid) -> list[Place]:
    """What is printed over and under the pages of a sheet, but for days of printing."""
    texts = grid.facts.page_headers if grid.facts else ()
    return [
        (None, None, text)
        for text in texts
        if not any(span.kind == "day" for span in find_spans(text)[0])
    ]


def _check_years(
    submission: Submission, grid: Grid, layout: Layout, named: list[tuple[Place, Span]]
) -> list[Finding]:
    """The years in the titles of quarters side by side: they are those of headings without a year,
    and must agree with headings that have one.
    """
    asked = parse_period(submission.period)
    of_headings = {year for year in layout.years if year}
    dated = [(place, span) for place, span in named if span.year and span.kind != "day"]
    wrong = [
        (place, span)
        for place, span in dated
        if not (span.kind == "years" and span.fits(asked))
        and span.year not in (of_headings or {asked.year})
    ]
    if not wrong or (not of_headings and len(wrong) < len(dated)):
        grade = Severity.QUERY
    else:
        grade = Severity.QUERY if of_headings else Severity.REJECT
    return [_say_span(submission, grid, *pair, grade) for pair in wrong[:1]]


def _is_span(span: Span) -> bool:
    return span.kind not in ("year", "years", "day", "cutoff", "bare", "unreadable")


def _say_span(
    submission: Submission, grid: Grid, place: Place, span: Span, grade: Severity
) -> Finding:
    row, letter, text = place
    make = functools.partial(
        make_finding, submission=submission, sheet=grid.sheet, row=row, letter=letter, value=text
    )
    period = find_period(text)
    if period is not None and str(period) != submission.period and grade == Severity.REJECT:
        return make("FILE-PERIOD", found=period)
    zh, en = span.title
    return make(
        "FILE-SPAN",
        severity=grade,
        span_zh=zh,
        span_en=en,
        asked=parse_period(submission.period).title_zh,
    )


def _suspects(submission: Submission, grid: Grid, places: list[Place]) -> list[Finding]:
    """What looks like a span of time and was not understood."""
    return [
        ask_of(submission, grid, place, suspect, UNREAD_SPAN)
        for place in places
        if (suspect := find_suspect(find_spans(_undated(place[2]))[1]))
    ]


def ask_of(submission: Submission, grid: Grid, place: Place, words: str, why: Text) -> Finding:
    """Words of a title that nobody knows."""
    row, letter, text = place
    return make_finding(
        "WORDS-UNKNOWN",
        submission,
        sheet=grid.sheet,
        row=row,
        letter=letter,
        value=text,
        words=words,
        why_zh=why.zh,
        why_en=why.en,
    )


def _undated(text: str) -> str:
    """A title without the day that it was written, and what else carries a date of its own."""
    return "" if EXPLAINS.match(text) else _DATED.sub("", text)
