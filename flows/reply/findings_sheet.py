"""The first sheet of a return workbook: the verdict, how to answer, and every finding.

Hidden cells beside each line say which findings its explanation is for (`flows.read.explanations`).
"""

from __future__ import annotations

import datetime as dt

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from flows.forms.catalogue import load_catalogue
from flows.model.clock import in_beijing
from flows.model.finding import Finding, Influence, Severity, Status
from flows.model.period import parse_period
from flows.model.submission import Submission
from flows.read.explanations import NAME_LABEL, Key
from flows.read.sheet_marks import FINDINGS
from flows.reply.cells import (
    FONT,
    INK,
    QUIET,
    cell_at,
    dress,
    fit_row,
    frame_with,
    put_both,
    put_text,
    set_page,
    solid_fill,
    text_font,
    text_place,
)
from flows.reply.places import list_few, list_places
from flows.reply.sender_sheets import Copy
from flows.reply.wording import (
    GRADES,
    Grade,
    Group,
    Verdict,
    grade_of,
    group_findings,
    say_how_to_answer,
    say_influence,
    say_verdict,
)

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
_HEADED = Border(top=Side("thin", color=INK), bottom=Side("thin", color=INK))
_HEAD_FILL = solid_fill(fgColor="E3E8EC")
_WRAPPED = text_place(horizontal="left", vertical="center", wrap_text=True, indent=1)
_RULED = Border(bottom=Side("hair", color="9AA5B1"))


def fill_listing(
    sheet: Worksheet,
    submission: Submission,
    verdict: Verdict,
    findings: list[Finding],
    copies: dict[str | None, Copy],
    zone: str,
    influence: Influence,
) -> None:
    """Write the whole sheet: title, verdict, facts and the legend of colours, above the list.

    `zone`: its name and code, as a person reads them; `influence`: how far a question could move a
    published number.
    """
    form = load_catalogue().get(submission.form)
    title = f"{form.title.zh} · {form.title.en}" if form else submission.form
    heading = f"审核意见 · Findings　　{title}　　{submission.period}"
    _put(sheet, 1, _ENTRY, heading, size=14, bold=True)
    sheet.row_dimensions[1].height = 27
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(_COLUMNS))
    cell = cell_at(sheet, 2, 1)
    put_both(cell, *say_verdict(submission, verdict, findings), size=12, bold=True)
    dress(cell, fill=solid_fill(fgColor=_VERDICT_FILLS[verdict.status]), alignment=_WRAPPED)
    sheet.row_dimensions[2].height = 44
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
        sheet.row_dimensions[row].height = 17
    for row, grade in enumerate(GRADES.values(), start=3):
        paint(_put(sheet, row, _MEND, grade.words, size=9), grade)
        _put(sheet, row, _CELL, grade.meaning, size=9, color=QUIET)
    _say_how_to_answer(sheet, submission, extract, is_weighed=bool(influence))
    _list_findings(sheet, findings, copies, influence)


def when_came(submission: Submission) -> dt.datetime:
    """When the submission came, in Beijing time: the one clock of its workbook."""
    return in_beijing(submission.received_at or "2000-01-01T00:00:00+00:00")


def _say_how_to_answer(
    sheet: Worksheet, submission: Submission, extract: bool, *, is_weighed: bool
) -> None:
    """How this workbook is sent back, and the place for a name."""
    zh, en = say_how_to_answer(submission, extract, is_weighed=is_weighed)
    sheet.merge_cells(
        start_row=_HOW_ROW, start_column=1, end_row=_HOW_ROW, end_column=len(_COLUMNS)
    )
    cell = cell_at(sheet, _HOW_ROW, 1)
    put_both(cell, zh, en, size=9.5)
    dress(cell, alignment=_WRAPPED)
    sheet.row_dimensions[_HOW_ROW].height = 58
    _put(sheet, _NAME_ROW, _ENTRY, f"{NAME_LABEL}姓名 Explained by", size=9, color=QUIET)
    for column in (_PERIOD, _WRONG):
        dress(cell_at(sheet, _NAME_ROW, column), border=_FRAME)
    sheet.merge_cells(
        start_row=_NAME_ROW, start_column=_PERIOD, end_row=_NAME_ROW, end_column=_WRONG
    )
    cell_at(sheet, _NAME_ROW, _PERIOD).number_format = "@"
    sheet.row_dimensions[_NAME_ROW].height = 20


def _period_title(period: str) -> str:
    try:
        return f"{period}（{parse_period(period).title_zh}）"
    except ValueError:
        return period


def _list_findings(
    sheet: Worksheet,
    findings: list[Finding],
    copies: dict[str | None, Copy],
    influence: Influence,
) -> None:
    """One line for a finding and its like: what the sender reads first."""
    for index, (zh, en, width) in enumerate(_COLUMNS, start=1):
        cell = cell_at(sheet, _HEADING_ROW, index)
        put_both(cell, zh, en, bold=True)
        dress(cell, fill=_HEAD_FILL, alignment=_align(index, "center"), border=_HEADED)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[_HEADING_ROW].height = 34
    _put(sheet, _HEADING_ROW, _KEY, FINDINGS, size=8)
    asks = DataValidation(
        showInputMessage=True, promptTitle="您的说明", prompt="请说明情况 · please explain"
    )
    groups = group_findings(findings, influence=influence)
    for row, group in enumerate(groups, start=_HEADING_ROW + 1):
        points = max((influence[f] for f in group.findings if f in influence), default=None)
        _list_group(sheet, row, group, copies, asks, points)
    if asks.sqref.ranges:
        sheet.add_data_validation(asks)
    for index in range(_KEY, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(index)].hidden = True
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    set_page(sheet, margin=0.45)
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    footer = HeaderFooterItem()
    footer.center.text = "&P / &N"
    sheet.oddFooter = footer


def _list_group(
    sheet: Worksheet,
    row: int,
    group: Group,
    copies: dict[str | None, Copy],
    asks: DataValidation,
    points: float | None,
) -> None:
    """One line. `points`: how far a published number could move with what it asks about."""
    alike = group.findings
    first, grade = alike[0], grade_of(alike[0])
    _put(sheet, row, _ENTRY, list_few(f.row_key for f in alike) or "—", bold=True)
    _put(sheet, row, _PERIOD, first.period or "—")
    put_both(cell_at(sheet, row, _WRONG), *group.message)
    put_both(cell_at(sheet, row, _MEND), *group.mend)
    _put(sheet, row, _CELL, list_places(alike) or "—")
    heading, sent = list_few(f.heading for f in alike), list_few(f.value for f in alike)
    if heading:
        put_both(cell_at(sheet, row, _SENT), sent or "（空 empty）", heading)
    else:
        _put(sheet, row, _SENT, sent or "—")
    moves_zh, moves_en = ("", "") if points is None else say_influence(points)
    put_both(cell_at(sheet, row, _GRADE), grade.zh + moves_zh, grade.en + moves_en, bold=True)
    cell_at(sheet, row, _COUNT).value = len(alike)
    put_both(cell_at(sheet, row, _RULE), first.rule_zh, f"{first.rule_en}\n{first.code}")
    for index in range(1, len(_COLUMNS) + 1):
        dress(cell_at(sheet, row, index), alignment=_align(index, "top"), border=_RULED)
    dress(cell_at(sheet, row, _COUNT), font=text_font(name=FONT, size=10, color=INK))
    dress(cell_at(sheet, row, _GRADE), fill=solid_fill(fgColor=grade.fill))
    _ask(cell_at(sheet, row, _EXPLANATION), first, asks)
    for index, text in enumerate(Key.of(alike).write(), start=_KEY):
        put_text(cell_at(sheet, row, index), text)
    _link(cell_at(sheet, row, _CELL), first, copies)
    fit_row(sheet, row, (width for _, _, width in _COLUMNS))


def _align(column: int, vertical: str) -> Alignment:
    """Wrapped, with a little room at the left."""
    return text_place(
        wrap_text=True,
        vertical=vertical,
        horizontal="center" if column == _COUNT else "left",
        indent=column != _COUNT,
    )


def _ask(cell: Cell, finding: Finding, asks: DataValidation) -> None:
    """The place for the sender's explanation: framed where one is asked for, with what was said
    before; shut elsewhere.
    """
    if finding.severity == Severity.QUERY and finding.outcome == "broken":
        put_text(cell, finding.explanation or "")
        cell.value = finding.explanation or None
        dress(cell, font=text_font(name=FONT, size=10, color=INK), border=_FRAME)
        asks.add(cell)
    else:
        put_text(cell, "—")
        dress(
            cell,
            font=text_font(name=FONT, size=10, color="B0B8C0"),
            fill=solid_fill(fgColor="F4F5F6"),
        )


def _link(cell: Cell, finding: Finding, copies: dict[str | None, Copy]) -> None:
    """Make the place a link to the sender's cell, where that was copied."""
    copy = copies.get(finding.sheet)
    if copy is not None and copy.holds(finding.row):
        place = f"{quote_sheetname(copy.sheet.title)}!{finding.cell or f'A{finding.row}'}"
        cell.hyperlink = Hyperlink(
            ref=cell.coordinate, location=place, tooltip="到报送的单元格 · go to the cell"
        )
        dress(cell, font=text_font(name=FONT, size=10, underline="single", color="1F5FA8"))


def paint(cell: Cell, grade: Grade) -> None:
    """Fill and frame; the sender's font, width and number format stay."""
    dress(cell, fill=solid_fill(fgColor=grade.fill), border=frame_with(grade.frame, grade.ink))


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    size: float = 10,
    color: str = INK,
    bold: bool = False,
) -> Cell:
    """Plain text in one of our own cells."""
    cell = cell_at(sheet, row, column)
    put_text(cell, text)
    dress(
        cell,
        font=text_font(name=FONT, size=size, color=color, bold=bold),
        alignment=text_place(horizontal="left", vertical="center", indent=1),
    )
    return cell
