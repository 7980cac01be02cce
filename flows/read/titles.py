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
from flows.model.period import parse_period
from flows.model.span import find_spans
from flows.model.submission import Submission
from flows.model.text import clean
from flows.model.zone import Zones
from flows.read.grid import Grid
from flows.read.layout import Layout, say_meaning
from flows.read.notes import Place, check_notes
from flows.read.place_names import find_unknown_place
from flows.read.title_spans import EXPLAINS, ask_of, check_spans, list_page_headers

# lines above a table that say who and by what right, and days that are no period of the figures
_LABELLED = re.compile(
    r"^[\s*（(]*(填报|报送|编制|制表|填表|审核|复核|单位负责人|统计负责人|负责人|联系|电话|手机|报出|打印|导出|印发|发布|更新|数据来源|资料来源|来源|备注|注|说明|修订原因|修订说明"
    r"|附注|制定机关|批准|备案|文号|有效期|统一社会信用代码|组织机构代码|区划代码|行政区划|地址|邮编|密级|表号|网址|note|source|filled|reported)",
    re.I,
)
_UNKNOWN_PLACE = Text(zh="一个不认得的地名", en="a place that is not known")
_OTHER_ZONE = Text(zh="另一个地区", en="another zone")
_LONGEST = 60  # characters; a longer cell above a table is an explanation
_SHORT = 40  # characters; a title may end in a full stop


def check_titles(
    form: Form, submission: Submission, grid: Grid, layouts: list[Layout], zones: Zones
) -> list[Finding]:
    """Everything that the titles and the sheet's name say that is not what was asked for."""
    findings: list[Finding] = []
    for layout in layouts:
        findings += check_spans(form, submission, grid, layout)
        findings += _check_words(form, submission, grid, layout, zones)
    return list(dict.fromkeys(findings)) + _check_zones(form, submission, grid, layouts, zones)


def _check_words(
    form: Form, submission: Submission, grid: Grid, layout: Layout, zones: Zones
) -> list[Finding]:
    """What stands in brackets on a title, and words outside them that change what figures mean."""
    names = names_of(form) | {plain_name(zone["title_zh"]) for zone in zones.values()}
    context = Context(form, parse_period(submission.period), "title", names=frozenset(names))
    findings = []
    places = [*layout.titles, (None, None, grid.sheet or ""), *list_page_headers(grid)]
    for row, letter, text in places:
        around = check_notes(form, submission, grid.sheet, layout, [(row, letter, text)])
        if _is_explanation(text):
            findings += around
            continue
        line = layout.unit_line
        is_unit_line = line is not None and (row, letter) == (line.row, line.letter)
        if form.kind == "register" and not is_unit_line:  # the span of a title is told by itself
            findings += [f for f in around if f.code != "FILE-SPAN"]
        is_labelled = bool(_LABELLED.match(text))
        remarks = [] if is_labelled else read_remarks(text, context)
        outside = find_anywhere(text, context) if form.kind == "indicator" else None
        if outside is not None and not (
            any(outside.text in r.text for r in remarks)
            or any(outside.text in span.text for span in find_spans(text)[0])
            or ((is_labelled or layout.quarters) and outside.is_asked)
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
    return bool(EXPLAINS.match(text)) or len(text) > _LONGEST or ("。" in text and not is_title)


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
            make = functools.partial(
                make_finding, submission=submission, sheet=grid.sheet, row=row, letter=letter
            )
            return [
                make("FILE-ZONE", value=cell, found=zone, title=title, sent_for=submission.zone)
            ]
        sheet: Place = (None, None, grid.sheet or "")
        if not named and find_zone(sheet[2], submission.zone, zones) not in (None, submission.zone):
            return [ask_of(submission, grid, sheet, sheet[2], _OTHER_ZONE)]
        places: list[Place] = [] if named else [*layout.titles, sheet]
        for place in places:
            if place_name := find_unknown_place(place[2], form, own):
                return [ask_of(submission, grid, place, place_name, _UNKNOWN_PLACE)]
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
