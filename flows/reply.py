"""Stage: reply. Findings go back to the sender as a workbook, on the sender's own sheet.

In: a form's folder as `validate` left it, and `raw/`. Out: for each submission with findings,
`<replies>/<zone>/<period>/<form>.<submission>.xlsx`: a first sheet that lists every finding, entity
and sentence first, each linked to its cell; then the sender's sheets with those cells coloured and
commented. Identifiers stay text, and nothing that starts with = + - @ can run as a formula.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.findings import Finding, Severity
from flows.grids import Grid, Unreadable, open_grids
from flows.handoff import open_table
from flows.submissions import Submission, open_submissions

_FILLS = {
    Severity.REJECT: PatternFill("solid", fgColor="F4A6A0"),
    Severity.QUARANTINE: PatternFill("solid", fgColor="F9CFA5"),
    Severity.QUERY: PatternFill("solid", fgColor="FFF2B3"),
    Severity.NOTE: PatternFill("solid", fgColor="DDE6EE"),
}
_GRADES = {
    Severity.REJECT: "整份退回 · rejected",
    Severity.QUARANTINE: "本行未入库 · row held",
    Severity.QUERY: "请说明 · please explain",
    Severity.NOTE: "提示 · note",
}
_HEADINGS = (
    ("条目 · Entry", 22), ("报告期 · Period", 11), ("问题 · What is wrong", 62), ("怎样改正 · How to mend it", 48),
    ("单元格 · Cell", 12), ("报送的内容 · As sent", 18), ("处理 · Grade", 20), ("处数 · Count", 8),
    ("说明（请填写） · Your explanation", 32), ("栏目 · Column", 16), ("规则 · Rule", 40), ("代码 · Code", 18),
)  # fmt: skip
_MAX_ROWS = 5_000  # of a sheet that is copied whole; of a longer one only rows with findings are
_MAX_SAME = 50  # lines of one rule that are listed one by one; the rest are counted


def write_replies(folder: Path, raw: Path, replies: Path) -> list[Path]:
    """A workbook for each submission that has findings; returns their paths."""
    findings: dict[str, list[Finding]] = collections.defaultdict(list)
    for row in open_table(folder / "finding.arrow").to_pylist():
        findings[row["submission"]].append(Finding(**row))
    submissions = open_submissions(folder / "submissions.jsonl")
    return [_write_reply(s, findings[s.submission], raw, replies) for s in submissions if s.submission in findings]


def _write_reply(submission: Submission, findings: list[Finding], raw: Path, replies: Path) -> Path:
    workbook = Workbook()
    listing = workbook.active
    assert isinstance(listing, Worksheet)
    listing.title = "审核意见 Findings"
    try:
        grids = open_grids(raw / submission.path)
    except Unreadable:
        grids = []
    names = {grid.sheet: _copy_sheet(workbook, grid, findings) for grid in grids}
    _list_findings(listing, submission, findings, names)
    target = replies / submission.zone / submission.period / f"{submission.form}.{submission.submission}.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(target)
    return target


def _list_findings(sheet: Worksheet, submission: Submission, findings: list[Finding], names: dict[str | None, str]) -> None:
    """The first sheet: what the sender reads. Long repetitions of one rule are counted, not listed."""
    sheet.append([f"{submission.path} · {submission.zone} · {submission.period} · sha256 {submission.sha256[:16]}"])
    sheet["A1"].font = Font(bold=True, size=12)
    sheet.append([])
    sheet.append([title for title, _ in _HEADINGS])
    for cell in sheet[3]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8E8E8")
    counts = collections.Counter((f.code, f.outcome, f.column) for f in findings)
    listed: collections.Counter[tuple[str, str, str | None]] = collections.Counter()
    for finding in sorted(findings, key=lambda f: (list(_GRADES).index(Severity(f.severity)), f.stage, f.code)):
        kind = (finding.code, finding.outcome, finding.column)
        listed[kind] += 1
        if listed[kind] <= _MAX_SAME:
            _list_one(sheet, finding, counts[kind] if listed[kind] == _MAX_SAME else 1, names)
    for index, (_, width) in enumerate(_HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A4"


def _list_one(sheet: Worksheet, finding: Finding, count: int, names: dict[str | None, str]) -> None:
    row = sheet.max_row + 1
    values = (
        finding.row_key, finding.period, f"{finding.message_zh}\n{finding.message_en}", f"{finding.mend_zh}\n{finding.mend_en}",
        finding.cell, finding.value, _GRADES[Severity(finding.severity)], count, None, finding.heading or finding.column,
        f"{finding.rule_zh}\n{finding.rule_en}", finding.code,
    )  # fmt: skip
    for index, value in enumerate(values, start=1):
        cell = _put(sheet, row, index, value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(row, 7).fill = _FILLS[Severity(finding.severity)]
    if finding.cell and finding.sheet in names:
        link = sheet.cell(row, 5)
        link.hyperlink = f"#'{names[finding.sheet]}'!{finding.cell}"
        link.font = Font(underline="single", color="1F5FA8")


def _copy_sheet(workbook: Workbook, grid: Grid, findings: list[Finding]) -> str:
    """The sender's sheet as it was, cells with findings coloured and commented; returns its name."""
    title = (grid.sheet or "报送内容 As sent").translate(str.maketrans("[]:*?/\\'", "________"))[:28]
    sheet = workbook.create_sheet(title)
    mine = [f for f in findings if f.cell and f.sheet == grid.sheet]
    rows = {f.row for f in mine} | set(range(1, min(grid.table.num_rows, len(grid.head)) + 1))
    every = grid.table.num_rows <= _MAX_ROWS
    for n in range(1, grid.table.num_rows + 1) if every else sorted(r for r in rows if r):
        for index in range(grid.table.num_columns):
            value = grid.table.column(index)[n - 1].as_py()
            if value is not None:
                _put(sheet, n, index + 1, value)
    for index in range(grid.table.num_columns):
        longest = max((len(row[index] or "") for row in grid.head), default=0)
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(max(10, longest * 1.8), 44)
    _mark_cells(sheet, mine)
    return sheet.title


def _mark_cells(sheet: Worksheet, findings: Iterable[Finding]) -> None:
    by_cell: dict[str, list[Finding]] = collections.defaultdict(list)
    for finding in findings:
        by_cell[str(finding.cell)].append(finding)
    for address, here in list(by_cell.items())[:_MAX_ROWS]:
        worst = min(here, key=lambda f: list(_GRADES).index(Severity(f.severity)))
        cell = sheet.cell(*coordinate_to_tuple(address))
        cell.fill = _FILLS[Severity(worst.severity)]
        words = "\n".join(f"{_GRADES[Severity(f.severity)]}\n{f.message_zh}\n{f.message_en}\n→ {f.mend_zh}\n→ {f.mend_en}" for f in here)
        cell.comment = Comment(words, "jibao", width=420, height=60 + 70 * len(here))


def _put(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write a value as text that cannot run: a string stays a string whatever it begins with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = "".join(c for c in value if c >= " " or c in "\n\t")
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@")
    else:
        cell.value = value  # type: ignore[assignment]
    return cell
