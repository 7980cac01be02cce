"""The blank form: the empty workbook that a department fills in.

The form itself has bilingual headings, printed units, drop-downs and a note on each column; beside
it stand how to fill it in, and the codes that can be chosen (`flows.reply.blank_form_notes`). What
it gives, filled in, is read without a finding: its headings are the form's own words, and its other
sheets bear a mark by which the reader sets them aside.
"""

from __future__ import annotations

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.forms.form import Column, Form
from flows.model.period import Period
from flows.reply.blank_form_notes import write_codes, write_notes
from flows.reply.cells import cell_at, frame_with, put_comment, put_text, set_page
from flows.reply.form_words import (
    Choices,
    Tables,
    choices_of,
    describe_column,
    describe_line,
    heading_of,
)
from flows.reply.printed_text import FONT, INK, QUIET, measure_width

ROWS = 1_000  # of a register, with drop-downs and formats ready
FIRST_ROW = 7  # of data
_TITLE_ROW, _ZONE_ROW, _PERIOD_ROW, _SIGNED_ROW, _HEADING_ROW = range(1, 6)
_FORM_SHEET = "报表 Form"
_RULED_ROWS = 30  # of a register, drawn with lines; the rest is ready as well
_GAP = "　" * 7  # to write in by hand
_SIGNED = f"填表人 Filled in by：{_GAP}联系电话 Telephone：{_GAP}报出日期 Date："
_LINE = frame_with("thin", "9AA5B1")
_HEADING, _HEADING_EN, _FIXED, _SHUT = (
    PatternFill("solid", fgColor=c) for c in ("DCE6EE", "EEF3F7", "F4F5F6", "E3E6E9")
)
_FORMATS = {
    "text": "@",
    "uscc": "@",
    "date": "yyyy-mm-dd",
    "decimal": "#,##0.00",
    "integer": "#,##0",
}


def make_template(
    form: Form,
    lang: str = "zh",
    zone: str = "",
    period: Period | None = None,
    tables: Tables | None = None,
) -> Workbook:
    """The empty form. `lang`: of lines and choices; `tables`: what a column is chosen from."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = _FORM_SHEET
    choices = {
        c.name: listed for c in form.columns if (listed := choices_of(c, lang, tables or {}))
    }
    _write_head(sheet, form, zone, period)
    _write_headings(sheet, form, choices)
    last = (
        _write_lines(sheet, form, lang, period)
        if form.kind == "indicator"
        else _write_rows(sheet, form)
    )
    ranges = write_codes(workbook, choices)
    for index, column in enumerate(form.columns, start=1):
        _guard(
            sheet,
            form,
            column,
            f"{get_column_letter(index)}{FIRST_ROW}:{get_column_letter(index)}{last}",
            ranges.get(column.name),
        )
    write_notes(workbook, form, choices)
    workbook.active = 0
    return workbook


def _write_head(sheet: Worksheet, form: Form, zone: str, period: Period | None) -> None:
    """Title, who reports, for when, and who signs."""
    width = max(len(form.columns), 3)
    notice = (
        f"报告期 Period：{period.title_zh} ({period})"
        if period
        else "报告期 Period：　　　　年 1-　　月"
    )
    lines = (
        (_TITLE_ROW, f"{form.title.zh} · {form.title.en}", 15, True),
        (
            _ZONE_ROW,
            f"填报单位 Reported by：{zone or '　' * 6}　{form.department.zh}",
            10,
            False,
        ),
        (_PERIOD_ROW, f"{notice}　　　　表号 Form：{form.code}", 10, False),
        (_SIGNED_ROW, _SIGNED, 10, False),
    )
    for row, text, size, bold in lines:
        cell = cell_at(sheet, row, 1)
        put_text(cell, text)
        cell.font = Font(name=FONT, size=size, bold=bold, color=INK)
        cell.alignment = Alignment(horizontal="center" if bold else "left", vertical="center")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        sheet.row_dimensions[row].height = 30 if bold else 20
    set_page(sheet, is_wide=width > 12)
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW + 1}"


def _write_headings(sheet: Worksheet, form: Form, choices: dict[str, Choices]) -> None:
    """Chinese over English, each with a note; columns as wide as what goes into them."""
    for index, column in enumerate(form.columns, start=1):
        zh, en = cell_at(sheet, _HEADING_ROW, index), cell_at(sheet, _HEADING_ROW + 1, index)
        for cell, text, fill, bold in (
            (zh, heading_of(form, column), _HEADING, True),
            (en, column.title.en, _HEADING_EN, False),
        ):
            put_text(cell, text)
            cell.font = Font(
                name=FONT, size=10 if bold else 8.5, bold=bold, color=INK if bold else QUIET
            )
            cell.fill, cell.border = fill, _LINE
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        put_comment(zh, "\n".join(describe_column(column, choices.get(column.name))))
        longest = max(
            [measure_width(t) for t, _ in choices[column.name].texts[:40]]
            if column.name in choices
            else [0]
        )
        least = (
            30
            if column.name in form.key or column.name == "note"
            else 24
            if column.type in ("text", "uscc")
            else 15
        )
        sheet.column_dimensions[get_column_letter(index)].width = min(max(least, longest + 4), 40)
    sheet.row_dimensions[_HEADING_ROW].height = 48 if form.kind == "register" else 30
    sheet.row_dimensions[_HEADING_ROW + 1].height = 40 if form.kind == "register" else 24
    sheet.freeze_panes = cell_at(sheet, FIRST_ROW, 2)


def _write_lines(sheet: Worksheet, form: Form, lang: str, period: Period | None) -> int:
    """Every line of an indicator form with its unit, those of other quarters left out; the last
    row.
    """
    row = FIRST_ROW - 1
    longest = 0
    for indicator in form.indicators:
        if period and period.quarter not in form.due_quarters(indicator):
            continue
        row += 1
        title = indicator.title.zh if lang == "zh" else indicator.title.en
        longest = max(longest, measure_width(title))
        sheet.row_dimensions[row].height = 20
        for index, column in enumerate(form.columns, start=1):
            cell = cell_at(sheet, row, index)
            cell.border = _LINE
            cell.font, cell.alignment = (
                Font(name=FONT, size=10, color=INK),
                Alignment(vertical="center"),
            )
            if column.name in ("indicator", "unit"):
                put_text(cell, title if column.name == "indicator" else indicator.quoted_unit)
                cell.fill = _FIXED
            elif column.name == "value" and not indicator.level:
                cell.fill = _SHUT
            if column.name == "indicator":
                put_comment(cell, "\n".join(describe_line(indicator)))
    sheet.column_dimensions["A"].width = min(max(26, longest + 4), 60)
    return row


def _write_rows(sheet: Worksheet, form: Form) -> int:
    """The empty rows of a register."""
    for row in range(FIRST_ROW, FIRST_ROW + _RULED_ROWS):
        sheet.row_dimensions[row].height = 18
        for index, column in enumerate(form.columns, start=1):
            cell = cell_at(sheet, row, index)
            cell.border, cell.font = _LINE, Font(name=FONT, size=10, color=INK)
            cell.number_format = _format_of(column)
    for index, column in enumerate(form.columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].number_format = _format_of(column)
    return FIRST_ROW + ROWS - 1


def _format_of(column: Column) -> str:
    if column.type == "integer" and not column.unit:
        return "0"  # a year
    return _FORMATS.get(column.type, "General")


def _guard(sheet: Worksheet, form: Form, column: Column, cells: str, choices: str | None) -> None:
    """What may stand in a column: a choice is enforced; a number is only asked for, since `近1.5`
    is one too.
    """
    if choices:
        guard = DataValidation(type="list", formula1=choices)
        guard.errorTitle, guard.error = "代码 Codes", "请从下拉列表中选择 · choose from the list"
    elif column.type == "uscc":
        guard = DataValidation(type="textLength", operator="equal", formula1="18")
        guard.error = "统一社会信用代码是 18 位 · 18 characters"
    elif form.kind == "register" and column.numeric:
        guard = DataValidation(
            type="whole" if column.type == "integer" else "decimal",
            operator="between",
            formula1="-1E+15",
            formula2="1E+15",
        )
        guard.error = "这里要填数字 · a number is asked for"
    else:
        return
    guard.allow_blank = guard.showErrorMessage = True
    if not choices:
        guard.errorStyle = "warning"
    guard.promptTitle, guard.prompt = (
        column.title.zh[:32],
        "\n".join(describe_column(column, None))[:250],
    )
    guard.showInputMessage = True
    guard.add(cells)
    sheet.add_data_validation(guard)
