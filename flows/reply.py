"""Stage: reply. Findings go back to the sender as a workbook, on the sender's own sheet.

In: a form's folder as `validate` left it, and `raw/`. Out: for each submission with findings,
`<replies>/<zone>/<period>/<form>.<submission>.xlsx`: a first sheet with what was sent, the verdict,
the colours and every finding, entry and sentence first, each linked to its cell; then the sender's
sheets as they were, those cells coloured by grade and commented. The same finding on many rows is
one line with a count; nothing is left uncounted.
"""

from __future__ import annotations

import collections
import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from flows import SQL_DIR
from flows.findings import Finding, Severity, Status
from flows.forms import load_catalogue
from flows.grades import GRADES, Grade, Group, Verdict, grade_of, group_findings, rank_finding, say_verdict
from flows.grids import UnreadableError, open_grids
from flows.handoff import open_table
from flows.periods import parse_period
from flows.submissions import Block, Reading, Submission, open_submissions
from flows.workbooks import (
    FONT,
    INK,
    QUIET,
    Copy,
    anchor_of,
    copy_sheets,
    extract_sheets,
    fit_row,
    is_long,
    list_cells,
    put_both,
    put_comment,
    put_text,
    save_workbook,
)

LISTING = "审核意见 Findings"
_COLUMNS = (
    ("条目", "Entry", 25), ("报告期", "Period", 10), ("问题", "What is wrong", 48), ("怎样改正", "How to mend it", 38),
    ("单元格", "Cell", 15), ("报送的内容", "As sent", 17), ("处理", "Grade", 15), ("处数", "Count", 7),
    ("您的说明（黄框内填写）", "Your explanation (framed cells)", 34), ("规则", "Rule", 30),
)  # fmt: skip
_ENTRY, _PERIOD, _WRONG, _MEND, _CELL, _SENT, _GRADE, _COUNT, _EXPLANATION, _RULE = range(1, len(_COLUMNS) + 1)
_HEADING_ROW = 9
_MAX_COMMENTS = 1_000  # on a sheet; beyond that cells are coloured without a comment
_VERDICT_FILLS = {Status.REJECTED: "FBE3E0", Status.PARTIAL: "FDEBD3", Status.ACCEPTED: "E4F1E4"}
_FRAME = Border(*[Side("medium", color="D4A900")] * 4)
_RULED = Border(bottom=Side("hair", color="9AA5B1"))
_BEIJING = dt.timezone(dt.timedelta(hours=8))


def write_replies(folder: Path, raw: Path, replies: Path) -> list[Path]:
    """A workbook for each submission that has findings; returns their paths."""
    findings: dict[str, list[Finding]] = collections.defaultdict(list)
    for row in open_table(folder / "finding.arrow").to_pylist():
        findings[row["submission"]].append(Finding(**row))
    verdicts = {
        row["submission"]: Verdict(Status(row["status"]), row["rows_read"], row["rows_accepted"], row["rows_held"])
        for row in open_table(folder / "judged.arrow").to_pylist()
    }
    blocks: dict[str, list[Block]] = collections.defaultdict(list)
    if (folder / "reading.json").exists():  # there is none for files that belong to no form
        for block in Reading.open(folder).blocks:
            blocks[block.submission].append(block)
    written = []
    for submission in open_submissions(folder / "submissions.jsonl"):
        target = replies / submission.zone / submission.period / f"{submission.form}.{submission.submission}.xlsx"
        target.unlink(missing_ok=True)  # judged anew, perhaps by other rules
        if found := findings.get(submission.submission):
            sheets = _take_sheets(raw / submission.path, blocks[submission.submission], folder, found)
            _write_reply(submission, verdicts[submission.submission], found, sheets, target)
            written.append(target)
    return written


def _take_sheets(sent: Path, blocks: list[Block], folder: Path, findings: list[Finding]) -> tuple[Workbook, dict[str | None, Copy]]:
    """The sender's sheets: as they were, or, of a long file, the rows with findings from the text that was read."""
    if is_long(blocks):
        wanted: dict[str | None, set[int]] = collections.defaultdict(set)
        for finding in findings:
            if finding.row:
                wanted[finding.sheet].add(finding.row)
        return extract_sheets(blocks, open_table(folder / "text.arrow"), wanted)
    try:
        grids = open_grids(sent)
    except (UnreadableError, OSError):
        grids = []
    headers: dict[str | None, int] = {}
    for block in blocks:
        headers.setdefault(block.sheet, block.header_row)
    return copy_sheets(sent, grids, headers)


def _write_reply(
    submission: Submission, verdict: Verdict, findings: list[Finding], sheets: tuple[Workbook, dict[str | None, Copy]], target: Path
) -> None:
    workbook, copies = sheets
    listing = workbook.create_sheet(LISTING, 0)
    _describe(listing, submission, verdict, findings, copies)
    _list_findings(listing, findings, copies)
    for name, copy in copies.items():
        _mark_cells(copy, [f for f in findings if f.cell and f.sheet == name])
    workbook.active = 0
    save_workbook(workbook, target, _came(submission).astimezone(dt.UTC))


def _came(submission: Submission) -> dt.datetime:
    """When the submission came, in Beijing time: the one clock of its workbook."""
    return dt.datetime.fromisoformat(submission.received_at or "2000-01-01T00:00:00+00:00").astimezone(_BEIJING)


# --- the first sheet: what was sent, and what became of it --------------------------------------


def _describe(sheet: Worksheet, submission: Submission, verdict: Verdict, findings: list[Finding], copies: dict[str | None, Copy]) -> None:
    """Title, verdict, facts and the legend of colours, above the list."""
    form = load_catalogue().get(submission.form)
    title = f"{form.title.zh} · {form.title.en}" if form else submission.form
    _put(sheet, 1, _ENTRY, f"审核意见 · Findings　　{title}　　{submission.period}", size=14, bold=True)
    sheet.row_dimensions[1].height = 27
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(_COLUMNS))
    put_both(sheet["A2"], *say_verdict(submission, verdict, findings), size=12, bold=True)
    sheet["A2"].fill = PatternFill("solid", fgColor=_VERDICT_FILLS[verdict.status])
    sheet["A2"].alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    sheet.row_dimensions[2].height = 44
    extract = any(copy.rows is not None for copy in copies.values())
    facts = (
        ("文件 File", submission.path),
        ("报表 Form", f"{title}（{submission.form}）" if form else submission.form),
        ("地区、报告期 Zone, period", " · ".join(p for p in (_zone_title(submission.zone), _period_title(submission.period)) if p)),
        ("收到 Received", f"{_came(submission):%Y-%m-%d %H:%M}（北京时间 UTC+8）{submission.sender}" if submission.received_at else ""),
        ("行数 Rows", f"读到 {verdict.read}，入库 {verdict.accepted}，未入库 {verdict.held} "
            + ("；表长，只抄出有问题的行 extract" if extract else "(read, loaded, held)")),
        ("校验 SHA-256", submission.sha256),
    )  # fmt: skip
    for row, (label, fact) in enumerate(facts, start=3):
        _put(sheet, row, _ENTRY, label, size=9, color=QUIET)
        _put(sheet, row, _PERIOD, fact or "—", size=8 if fact == submission.sha256 else 10)
        sheet.row_dimensions[row].height = 17
    for row, grade in enumerate(GRADES.values(), start=3):
        _paint(_put(sheet, row, _MEND, grade.words, size=9), grade)
        _put(sheet, row, _CELL, grade.meaning, size=9, color=QUIET)
    _put(sheet, 8, _MEND, "请在此填写 · Please fill in", size=9).border = _FRAME
    _put(sheet, 8, _CELL, "只填“请说明”各行的第 I 列 · column I, where an explanation is asked for", size=9, color=QUIET)


def _zone_title(zone: str) -> str:
    with (SQL_DIR / "reference" / "zone.csv").open(encoding="utf-8") as source:
        titles = {line["zone"]: line["title_zh"] for line in csv.DictReader(source)}
    return f"{titles[zone]} {zone}" if zone in titles else zone


def _period_title(period: str) -> str:
    try:
        return f"{period}（{parse_period(period).title_zh}）"
    except ValueError:
        return period


# --- the first sheet: the list ------------------------------------------------------------------


def _list_findings(sheet: Worksheet, findings: list[Finding], copies: dict[str | None, Copy]) -> None:
    """One line for a finding and its like: what the sender reads first."""
    for index, (zh, en, width) in enumerate(_COLUMNS, start=1):
        cell = sheet.cell(_HEADING_ROW, index)
        put_both(cell, zh, en, bold=True)
        cell.fill = PatternFill("solid", fgColor="E3E8EC")
        cell.alignment = _align(index, "center")
        cell.border = Border(top=Side("thin", color=INK), bottom=Side("thin", color=INK))
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.row_dimensions[_HEADING_ROW].height = 34
    asks = DataValidation(showInputMessage=True, promptTitle="您的说明", prompt="请说明情况 · please explain")
    for row, group in enumerate(group_findings(findings), start=_HEADING_ROW + 1):
        _list_group(sheet, row, group, copies, asks)
    if asks.sqref.ranges:
        sheet.add_data_validation(asks)
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, 0.45)
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    sheet.oddFooter.center.text = "&P / &N"


def _list_group(sheet: Worksheet, row: int, group: Group, copies: dict[str | None, Copy], asks: DataValidation) -> None:
    found = group.findings
    first, grade = found[0], grade_of(found[0])
    _put(sheet, row, _ENTRY, _list_few(f.row_key for f in found) or "—", bold=True)
    _put(sheet, row, _PERIOD, first.period or "—")
    put_both(sheet.cell(row, _WRONG), *group.message)
    put_both(sheet.cell(row, _MEND), first.mend_zh, first.mend_en)
    _put(sheet, row, _CELL, _place_of(found))
    heading, sent = _list_few(f.heading for f in found), _list_few(f.value for f in found)
    if heading:
        put_both(sheet.cell(row, _SENT), sent or "（空 empty）", heading)
    else:
        _put(sheet, row, _SENT, sent or "—")
    put_both(sheet.cell(row, _GRADE), grade.zh, grade.en, bold=True)
    sheet.cell(row, _COUNT).value = len(found)
    put_both(sheet.cell(row, _RULE), first.rule_zh, f"{first.rule_en}\n{first.code}")
    for index in range(1, len(_COLUMNS) + 1):
        cell = sheet.cell(row, index)
        cell.alignment = _align(index, "top")
        cell.border = _RULED
    sheet.cell(row, _COUNT).font = Font(name=FONT, size=10, color=INK)
    sheet.cell(row, _GRADE).fill = PatternFill("solid", fgColor=grade.fill)
    _ask(sheet.cell(row, _EXPLANATION), grade, asks)
    _link(sheet.cell(row, _CELL), first, copies)
    fit_row(sheet, row, (width for _, _, width in _COLUMNS))


def _align(column: int, vertical: str) -> Alignment:
    """Wrapped, with a little room at the left."""
    return Alignment(wrap_text=True, vertical=vertical, horizontal="center" if column == _COUNT else "left", indent=column != _COUNT)


def _ask(cell: Cell, grade: Grade, asks: DataValidation) -> None:
    """The place for the sender's explanation: framed and empty where one is asked for, shut elsewhere."""
    if grade is GRADES[str(Severity.QUERY)]:
        cell.border = _FRAME
        cell.number_format = "@"
        asks.add(cell)
    else:
        put_text(cell, "—")
        cell.font = Font(name=FONT, size=10, color="B0B8C0")
        cell.fill = PatternFill("solid", fgColor="F4F5F6")


def _list_few(texts: Iterable[str | None]) -> str:
    """The first three different texts, and how many there are."""
    known = list(dict.fromkeys(t for t in texts if t and t.strip("… ·")))
    return "、".join(known[:3]) + (f" 等 {len(known)} 项 ({len(known)} in all)" if len(known) > 3 else "")


def _place_of(found: list[Finding]) -> str:
    """The cells of a group; the rows, where no cell is at fault."""
    cells = [f.cell for f in found if f.cell]
    rows = sorted({f.row for f in found if f.row})
    if cells:
        return list_cells(cells, 4)
    return f"第 {'、'.join(map(str, rows[:5]))}{'…' if len(rows) > 5 else ''} 行 row" if rows else "—"


def _link(cell: Cell, finding: Finding, copies: dict[str | None, Copy]) -> None:
    """Make the place a link to the sender's cell, where that was copied."""
    copy = copies.get(finding.sheet)
    if copy is not None and copy.holds(finding.row):
        place = f"{quote_sheetname(copy.sheet.title)}!{finding.cell or f'A{finding.row}'}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, tooltip="到报送的单元格 · go to the cell")
        cell.font = Font(name=FONT, size=10, underline="single", color="1F5FA8")


# --- the sender's sheets ------------------------------------------------------------------------


def _mark_cells(copy: Copy, findings: list[Finding]) -> None:
    """Colour the cells that failed, by their gravest grade, and say why in a comment."""
    by_cell: dict[str, list[Finding]] = collections.defaultdict(list)
    for finding in sorted(findings, key=rank_finding):
        if copy.holds(finding.row):
            by_cell[str(finding.cell)].append(finding)
    for number, (address, here) in enumerate(by_cell.items()):
        cell = anchor_of(copy.sheet, address)
        _paint(cell, grade_of(here[0]))
        if number < _MAX_COMMENTS:
            put_comment(cell, "\n\n".join(map(_comment_on, here)))


def _comment_on(finding: Finding) -> str:
    words = (f"【{grade_of(finding).words}】", finding.message_zh, finding.message_en, f"→ {finding.mend_zh}", f"→ {finding.mend_en}")
    return "\n".join(words)


def _paint(cell: Cell, grade: Grade) -> None:
    """Fill and frame; the sender's font, width and number format stay."""
    side = Side(grade.frame, color=grade.ink)
    cell.fill, cell.border = PatternFill("solid", fgColor=grade.fill), Border(side, side, side, side)


def _put(sheet: Worksheet, row: int, column: int, text: str, *, size: float = 10, color: str = INK, bold: bool = False) -> Cell:
    """Plain text in one of our own cells."""
    cell = sheet.cell(row, column)
    put_text(cell, text)
    cell.font = Font(name=FONT, size=size, color=color, bold=bold)
    cell.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    return cell
