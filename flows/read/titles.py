"""What the titles of a table and the name of its sheet say: quarter, zone, words in brackets."""

from __future__ import annotations

import functools
import re

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.outside_brackets import find_anywhere
from flows.forms.vocabulary import Context, Remark, read_remarks
from flows.forms.words import Text
from flows.model.finding import Finding, Severity
from flows.model.name import plain_name
from flows.model.period import find_period, parse_period
from flows.model.span import Span, find_spans, find_suspect
from flows.model.submission import Submission
from flows.model.text import clean
from flows.model.zone import Zones
from flows.read.grid import Grid
from flows.read.layout import Layout, say_meaning
from flows.read.notes import Place, check_notes
from flows.read.place_names import find_unknown_place

# lines above a table that say who and by what right, and days that are no period of the figures
_LABELLED = re.compile(
    r"^[\s*（(]*(填报|报送|编制|制表|填表|审核|复核|单位负责人|统计负责人|负责人|联系|电话|手机|报出|打印|导出|印发|发布|更新|数据来源|资料来源|来源|备注|注|说明|修订原因|修订说明"
    r"|附注|制定机关|批准|备案|文号|有效期|统一社会信用代码|组织机构代码|区划代码|行政区划|地址|邮编|密级|表号|网址|note|source|filled|reported)",
    re.I,
)
_DATED = re.compile(
    r"(报出日期|填报日期|填报时间|制表日期|制表时间|编制日期|打印日期|打印时间|导出时间|更新时间|发布日期|发布时间|印发日期|有效期至?|批准文号|备案文号|日期"
    r"|date)[^:：]{0,10}[:：]\s*\S*",
    re.I,
)
_EXPLAINS = re.compile(
    r"^[\s(（【*]*(注|备注|说明|修订原因|修订说明|附注|数据来源|资料来源|note|source)", re.I
)
_COMPARED = re.compile("对比|比较|对照|compared|versus", re.I)  # with another year, in one title
_UNREAD_SPAN = Text(zh="看不懂的时间", en="a span of time that is not understood")
_UNKNOWN_PLACE = Text(zh="一个不认得的地名", en="a place that is not known")
_LONGEST = 60  # characters; a longer cell above a table is an explanation
_SHORT = 40  # characters; a title may end in a full stop


def check_titles(
    form: Form, submission: Submission, grid: Grid, layouts: list[Layout], zones: Zones
) -> list[Finding]:
    """Everything that the titles and the sheet's name say that is not what was asked for."""
    findings: list[Finding] = []
    for layout in layouts:
        findings += _check_spans(submission, grid, layout)
        findings += _check_words(form, submission, grid, layout, zones)
    return list(dict.fromkeys(findings)) + _check_zones(form, submission, grid, layouts, zones)


def _check_spans(submission: Submission, grid: Grid, layout: Layout) -> list[Finding]:
    """Every span that a title or the sheet's name gives must be the one that the file was sent for.

    One that is not rejects; beside a title that is right it is asked about.
    """
    if layout.kind == "nbs_export":
        return []
    places: list[Place] = [*layout.titles, (None, None, grid.sheet or "")]
    printed = _page_headers(grid)
    named = [(place, span) for place in printed for span in find_spans(place[2])[0]]
    named += [(place, span) for place in places for span in find_spans(_undated(place[2]))[0]]
    if layout.kind in ("wide", "down"):
        return _check_years(submission, grid, layout, named) + _suspects(submission, grid, places)
    asked = parse_period(submission.period)
    right = [place for place, span in named if span.fits(asked) and _is_span(span)]
    is_titled = any(place[0] is not None for place in right)
    compared = [place for place in right if _COMPARED.search(place[2])]
    # 2021-2022年 over one column of figures: of which year are they?
    wrong = [
        (p, span)
        for p, span in named
        if (not span.fits(asked) or (span.kind == "years" and not right)) and p not in compared
    ]
    findings = []
    for place, span in wrong:
        is_sheet = place[0] is None
        is_certain = _is_span(span) or span.kind == "year"
        beside = is_titled or (is_sheet and bool(right)) or place in printed  # an old one, perhaps
        grade = Severity.REJECT if is_certain and not beside else Severity.QUERY
        findings.append(_say_span(submission, grid, place, span, grade))
    rejects = [f for f in findings if f.severity == Severity.REJECT]
    return (rejects[:1] or findings) + _suspects(submission, grid, places)


def _page_headers(grid: Grid) -> list[Place]:
    """What is printed over every page of a sheet, but for days of printing."""
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
    return span.kind not in ("year", "years", "day", "unreadable")


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
    zh, en = span.title if span.kind != "unreadable" else (span.text, span.text)
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
        _ask_of(submission, grid, place, suspect, _UNREAD_SPAN)
        for place in places
        if (suspect := find_suspect(find_spans(_undated(place[2]))[1]))
    ]


def _ask_of(submission: Submission, grid: Grid, place: Place, words: str, why: Text) -> Finding:
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


def _check_words(
    form: Form, submission: Submission, grid: Grid, layout: Layout, zones: Zones
) -> list[Finding]:
    """What stands in brackets on a title, and words outside them that change what figures mean."""
    names = names_of(form) | {plain_name(zone["title_zh"]) for zone in zones.values()}
    context = Context(form, parse_period(submission.period), "title", names=frozenset(names))
    findings = []
    places = [*layout.titles, (None, None, grid.sheet or ""), *_page_headers(grid)]
    for row, letter, text in places:
        if _is_explanation(text):
            findings += check_notes(form, submission, grid.sheet, layout, [(row, letter, text)])
            continue
        is_labelled = bool(_LABELLED.match(text))
        remarks = [] if is_labelled else read_remarks(text, context)
        outside = find_anywhere(text, context) if form.kind == "indicator" else None
        if outside is not None and not (
            any(outside.text in r.text for r in remarks)
            or any(outside.text in span.text for span in find_spans(text)[0])
            or (is_labelled and outside.is_asked)
        ):
            remarks.append(outside)
        cell = f"{letter}{row}" if row else ""
        layout.remarks += [(cell, text, remark) for remark in remarks]
        for remark in remarks:
            finding = _say_remark(submission, grid, (row, letter, text), remark)
            findings += [finding] if finding else []
    return findings


def _say_remark(submission: Submission, grid: Grid, place: Place, remark: Remark) -> Finding | None:
    row, letter, text = place
    make = functools.partial(
        make_finding, submission=submission, sheet=grid.sheet, row=row, letter=letter
    )
    if remark.kind == "unknown" and remark.span is None:
        why = remark.means
        return make("WORDS-UNKNOWN", value=text, words=remark.text, why_zh=why.zh, why_en=why.en)
    if remark.kind == "another" and remark.span is None:
        is_certain = row and not remark.is_asked
        return say_meaning(make, text, remark, Severity.REJECT if is_certain else Severity.QUERY)
    return None  # a span is said by itself


def _is_explanation(text: str) -> bool:
    """Whether a cell above a table is a sentence about it rather than a title."""
    is_title = len(text) <= _SHORT and text.find("。") == len(text) - 1 and "，" not in text
    return bool(_EXPLAINS.match(text)) or len(text) > _LONGEST or ("。" in text and not is_title)


def _undated(text: str) -> str:
    """A title without the day that it was written, and what else carries a date of its own."""
    return "" if _EXPLAINS.match(text) else _DATED.sub("", text)


def _check_zones(
    form: Form, submission: Submission, grid: Grid, layouts: list[Layout], zones: Zones
) -> list[Finding]:
    """The zone that the titles of a table name, if they name one, must be the zone whose folder it
    came in.
    """
    own = zones.get(submission.zone, {}).get("title_zh", "")
    for layout in layouts:
        named = [
            (zone, row, letter, cell)
            for row, letter, cell in layout.titles
            if (zone := find_zone(cell, submission.zone, zones))
        ]
        if named and not any(zone == submission.zone for zone, *_ in named):
            zone, row, letter, cell = named[0]
            title = zones[zone]["title_zh"] if zone in zones else zone
            place = functools.partial(
                make_finding, submission=submission, sheet=grid.sheet, row=row, letter=letter
            )
            return [
                place("FILE-ZONE", value=cell, found=zone, title=title, sent_for=submission.zone)
            ]
        for row, letter, cell in () if named else layout.titles:
            if place_name := find_unknown_place(cell, form, own):
                return [_ask_of(submission, grid, (row, letter, cell), place_name, _UNKNOWN_PLACE)]
    return []


def find_zone(cell: str, sent_for: str, zones: Zones) -> str | None:
    """The zone that a title names, by its code (`区划代码：150571`) or its name; a short name only
    where it begins.

    The office that fills the form in may be one of an area above.
    """
    code = re.search(r"区划代码\s*[:：]?\s*(\d{6})(?!\d)", cell)
    if code:
        return code[1]
    text, is_office = re.subn(r"^(填报|报送|编制)?单位[（(名称)）]*[:：]", "", clean(cell))
    named = [
        z
        for z, zone in zones.items()
        if text.startswith(zone["title_zh"])
        or (len(zone["title_zh"]) > 3 and zone["title_zh"] in text)
    ]
    zone = max(named, key=lambda z: len(zones[z]["title_zh"]), default=None)
    return None if is_office and zone in _areas_above(sent_for, zones) else zone


def _areas_above(zone: str, zones: Zones) -> set[str]:
    above: set[str] = set()
    while (zone := zones.get(zone, {}).get("parent", "")) and zone not in above:
        above.add(zone)
    return above
