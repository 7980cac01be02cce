"""The first sheet of a return workbook: the verdict, how to answer, and every finding.

Hidden cells beside each line say which findings its explanation is for (`flows.read.explanations`).
"""

from __future__ import annotations

import datetime as dt

from flows.forms.catalogue import load_catalogue
from flows.model.clock import in_beijing
from flows.model.finding import Finding, Influence, Severity, Status
from flows.model.period import parse_period
from flows.model.submission import Submission
from flows.read.explanations import NAME_LABEL, Key
from flows.read.sheet_marks import FINDINGS
from flows.reply.looks import font_of, frame_with, painted, put_both, put_text
from flows.reply.places import list_few, list_places
from flows.reply.printed_text import INK, QUIET, fit_height, measure_height
from flows.reply.sender_sheets import Copy
from flows.reply.wording import (
    GRADES,
    Group,
    Verdict,
    grade_of,
    group_findings,
    say_how_to_answer,
    say_influence,
    say_verdict,
)
from flows.workbook.file import quote_sheet
from flows.workbook.looks import Border, Place, Side, Style
from flows.workbook.sheet import Link, Page, Prompt, Sheet, address_of

LISTING = "审核意见 Findings"
_COLUMNS = (
    ("条目", "Entry", 25),
    ("报告期", "Period", 10),
    ("问题", "What is wrong", 48),
    ("怎样改正", "How to mend it", 38),
    ("单元格", "Cell", 15),
    ("报送的内容", "As sent", 17),
    ("处理", "Grade", 15),
    ("处数", "Count", 7),
    ("您的说明（黄框内填写）", "Your explanation (framed cells)", 34),
    ("规则", "Rule", 30),
)
_ENTRY, _PERIOD, _WRONG, _MEND, _CELL, _SENT, _GRADE, _COUNT, _EXPLANATION, _RULE = range(
    1, len(_COLUMNS) + 1
)
_KEY = len(_COLUMNS) + 1  # hidden: the keys of the findings of a line
_HOW_ROW, _NAME_ROW, _HEADING_ROW = 9, 10, 11
_VERDICT_FILLS = {Status.REJECTED: "FBE3E0", Status.PARTIAL: "FDEBD3", Status.ACCEPTED: "E4F1E4"}
_FRAME = frame_with("medium", "D4A900")
_RULED = Border(bottom=Side("hair", "9AA5B1"))
_BESIDE = Place("left", "center", indent=1)
_SPREAD = Style(place=Place("left", "center", is_wrapped=True, indent=1))
_VERDICT, _ANSWER = (_SPREAD._replace(font=font_of(size)) for size in (12, 9.5))
_NAME = Style(border=_FRAME, number_format="@")
_HEADED = Style(
    font_of(), "E3E8EC", Border(top=Side("thin", INK), bottom=Side("thin", INK)), Place()
)
_ENTRY_FONT, _LINK_FONT = font_of(bold=True), font_of(color="1F5FA8", underlined=True)
_SHUT_FONT, _SHUT_FILL = font_of(color="B0B8C0"), "F4F5F6"
_KEYS = Style(number_format="@")
_MARGIN = 0.45  # inches


def draw_listing(
    submission: Submission,
    verdict: Verdict,
    findings: list[Finding],
    copies: dict[str | None, Copy],
    zone: str,
    influence: Influence,
) -> Sheet:
    """The whole sheet: title, verdict, facts and the legend of colours, above the list.

    `zone`: its name and code, as a person reads them; `influence`: how far a question could move a
    published number.
    """
    sheet = Sheet(LISTING, frozen=_HEADING_ROW)
    sheet.page = Page(_MARGIN, "&P / &N", f"{_HEADING_ROW}:{_HEADING_ROW}")
    form = load_catalogue().get(submission.form)
    title = f"{form.title.zh} · {form.title.en}" if form else submission.form
    heading = f"审核意见 · Findings　　{title}　　{submission.period}"
    _put(sheet, 1, _ENTRY, heading, size=14, bold=True)
    sheet.heights[1] = 27
    _spread(
        sheet,
        2,
        say_verdict(submission, verdict, findings),
        _VERDICT._replace(fill=_VERDICT_FILLS[verdict.status]),
        bold=True,
    )
    sheet.heights[2] = 44
    extract = any(copy.rows is not None for copy in copies.values())
    came = f"{when_came(submission):%Y-%m-%d %H:%M}（北京时间 UTC+8）"
    facts = (
        ("文件 File", submission.path),
        ("报表 Form", f"{title}（{submission.form}）" if form else submission.form),
        (
            "地区、报告期 Zone, period",
            " · ".join(p for p in (zone, _period_title(submission.period)) if p),
        ),
        ("收到 Received", f"{came}{submission.sender}" if submission.received_at else ""),
        (
            "行数 Rows",
            f"读到 {verdict.read}，入库 {verdict.accepted}，未入库 {verdict.held} "
            + ("；表长，只抄出有问题的行 extract" if extract else "(read, loaded, held)"),
        ),
        ("校验 SHA-256", submission.sha256),
    )
    for row, (label, fact) in enumerate(facts, start=3):
        _put(sheet, row, _ENTRY, label, size=9, color=QUIET)
        _put(sheet, row, _PERIOD, fact or "—", size=8 if fact == submission.sha256 else 10)
        sheet.heights[row] = 17
    for row, grade in enumerate(GRADES.values(), start=3):
        _put(sheet, row, _MEND, grade.words, size=9)
        sheet.restyle(row, _MEND, painted(sheet.style_of(row, _MEND), grade))
        _put(sheet, row, _CELL, grade.meaning, size=9, color=QUIET)
    _say_how_to_answer(sheet, submission, extract, is_weighed=bool(influence))
    _list_findings(sheet, findings, copies, influence)
    return sheet


def when_came(submission: Submission) -> dt.datetime:
    """When the submission came, in Beijing time: the one clock of its workbook."""
    return in_beijing(submission.received_at or "2000-01-01T00:00:00+00:00")


def _spread(
    sheet: Sheet, row: int, words: tuple[str, str], style: Style, *, bold: bool = False
) -> None:
    """A sentence in both languages over the whole width."""
    put_both(sheet, row, 1, *words, style, bold=bold)
    sheet.merged.append(f"A{row}:{address_of(row, len(_COLUMNS))}")


def _say_how_to_answer(
    sheet: Sheet, submission: Submission, extract: bool, *, is_weighed: bool
) -> None:
    """How this workbook is sent back, and the place for a name."""
    words = say_how_to_answer(submission, extract, is_weighed=is_weighed)
    _spread(sheet, _HOW_ROW, words, _ANSWER)
    sheet.heights[_HOW_ROW] = 58
    _put(sheet, _NAME_ROW, _ENTRY, f"{NAME_LABEL}姓名 Explained by", size=9, color=QUIET)
    sheet.put(_NAME_ROW, _PERIOD, None, _NAME)
    sheet.put(_NAME_ROW, _WRONG, None, _NAME)
    sheet.merged.append(f"{address_of(_NAME_ROW, _PERIOD)}:{address_of(_NAME_ROW, _WRONG)}")
    sheet.heights[_NAME_ROW] = 20


def _period_title(period: str) -> str:
    try:
        return f"{period}（{parse_period(period).title_zh}）"
    except ValueError:
        return period


def _list_findings(
    sheet: Sheet,
    findings: list[Finding],
    copies: dict[str | None, Copy],
    influence: Influence,
) -> None:
    """One line for a finding and its like: what the sender reads first."""
    for index, (zh, en, width) in enumerate(_COLUMNS, start=1):
        style = _HEADED._replace(place=_place(index, "center"))
        put_both(sheet, _HEADING_ROW, index, zh, en, style, bold=True)
        sheet.widths[index] = width
    sheet.heights[_HEADING_ROW] = 34
    _put(sheet, _HEADING_ROW, _KEY, FINDINGS, size=8)
    sheet.prompt = Prompt("您的说明", "请说明情况 · please explain", [])
    groups = group_findings(findings, influence=influence)
    for row, group in enumerate(groups, start=_HEADING_ROW + 1):
        points = max((influence[f] for f in group.findings if f in influence), default=None)
        _list_group(sheet, row, group, copies, points)
    last = max(column for cells in sheet.cells.values() for column in cells)
    sheet.hidden.update(range(_KEY, last + 1))


def _list_group(
    sheet: Sheet,
    row: int,
    group: Group,
    copies: dict[str | None, Copy],
    points: float | None,
) -> None:
    """One line. `points`: how far a published number could move with what it asks about."""
    alike = group.findings
    first, grade = alike[0], grade_of(alike[0])
    moves_zh, moves_en = ("", "") if points is None else say_influence(points)
    heading, sent = list_few(f.heading for f in alike), list_few(f.value for f in alike)
    words: dict[int, str | tuple[str, str]] = {
        _ENTRY: list_few(f.row_key for f in alike) or "—",
        _PERIOD: first.period or "—",
        _WRONG: group.message,
        _MEND: group.mend,
        _CELL: list_places(alike) or "—",
        _SENT: (sent or "（空 empty）", heading) if heading else sent or "—",
        _GRADE: (grade.zh + moves_zh, grade.en + moves_en),
        _RULE: (first.rule_zh, f"{first.rule_en}\n{first.code}"),
    }
    heights = []
    for index, text in words.items():
        style = _LINES[index]
        if index == _GRADE:
            style = style._replace(fill=grade.fill)
        if isinstance(text, str):
            put_text(sheet, row, index, text, style)
            texts = [(text, 10.0)]
        else:
            put_both(sheet, row, index, *text, style, bold=index == _GRADE)
            texts = [(text[0], 10.0), (text[1], 8.5)]
        heights.append(measure_height(texts, _COLUMNS[index - 1][2]))
    sheet.put(row, _COUNT, len(alike), _LINES[_COUNT])
    asked = _ask(sheet, row, first)
    heights.append(measure_height([(asked, 10)], _COLUMNS[_EXPLANATION - 1][2]))
    for index, key in enumerate(Key.of(alike).write(), start=_KEY):
        put_text(sheet, row, index, key, _KEYS)
    _link(sheet, row, first, copies)
    sheet.heights[row] = fit_height(heights)


def _place(column: int, vertical: str) -> Place:
    """Wrapped, with a little room at the left."""
    if column == _COUNT:
        return Place("center", vertical, is_wrapped=True)
    return Place("left", vertical, is_wrapped=True, indent=1)


_LINES = {
    column: Style(_ENTRY_FONT if column == _ENTRY else font_of(), "", _RULED, _place(column, "top"))
    for column in range(1, len(_COLUMNS) + 1)
}


def _ask(sheet: Sheet, row: int, finding: Finding) -> str:
    """The place for the sender's explanation: framed where one is asked for, with what was said
    before; shut elsewhere. Returns what stands in it.
    """
    style = _LINES[_EXPLANATION]
    if finding.severity != Severity.QUERY or finding.outcome != "broken":
        style = style._replace(font=_SHUT_FONT, fill=_SHUT_FILL)
        put_text(sheet, row, _EXPLANATION, "—", style)
        return "—"
    answer = finding.explanation or ""
    put_text(sheet, row, _EXPLANATION, answer, style._replace(border=_FRAME))
    if sheet.prompt:
        sheet.prompt.cells.append(address_of(row, _EXPLANATION))
    return answer


def _link(sheet: Sheet, row: int, finding: Finding, copies: dict[str | None, Copy]) -> None:
    """Make the place a link to the sender's cell, where that was copied."""
    copy = copies.get(finding.sheet)
    if copy is not None and copy.holds(finding.row):
        place = f"{quote_sheet(copy.title)}!{finding.cell or f'A{finding.row}'}"
        sheet.links[address_of(row, _CELL)] = Link(place, "到报送的单元格 · go to the cell")
        sheet.restyle(row, _CELL, sheet.style_of(row, _CELL)._replace(font=_LINK_FONT))


def _put(
    sheet: Sheet,
    row: int,
    column: int,
    text: str,
    *,
    size: float = 10,
    color: str = INK,
    bold: bool = False,
) -> None:
    """Plain text in one of our own cells."""
    style = Style(font_of(size, bold=bold, color=color), place=_BESIDE)
    put_text(sheet, row, column, text, style)
