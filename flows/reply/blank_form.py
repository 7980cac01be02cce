"""Noun: a template, the empty workbook that a department fills in.

In: a form, and the zone and quarter it is for where they are known. Out: an openpyxl workbook: the
    form
itself with bilingual headings, printed units, drop-downs and a note on each column; how to fill it
in;
and the codes that can be chosen. What the template gives, filled in, is read without a finding: its
headings are the form's own words, and its other sheets bear a mark by which the reader sets them
aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.forms.form import Column, Form, Indicator
from flows.model.industry import load_industries
from flows.model.period import Period
from flows.model.quantity import say_range
from flows.model.unit import load_units, units_for
from flows.read.sheet_marks import ASIDE
from flows.reply.cells import FONT, INK, QUIET, fit_row, measure_width, put_comment, put_text
from flows.validate.checks import Check, checks_of

ROWS = 1_000  # of a register, with drop-downs and formats ready
FIRST_ROW = 7  # of data
_TITLE_ROW, _ZONE_ROW, _PERIOD_ROW, _SIGNED_ROW, _HEADING_ROW = range(1, 6)
_FORM_SHEET, _NOTES_SHEET, _CODES_SHEET = "报表 Form", "填报说明 Notes", "代码 Codes"
_RULED_ROWS = 30  # of a register, drawn with lines; the rest is ready as well
_LINE = Border(*[Side("thin", color="9AA5B1")] * 4)
_HEADING, _HEADING_EN, _FIXED, _SHUT = (
    PatternFill("solid", fgColor=c) for c in ("DCE6EE", "EEF3F7", "F4F5F6", "E3E6E9")
)
_LEVELS = {"ytd": "本年累计 year to date", "quarter": "本季 of the quarter", "stock": "期末时点 at the end of the quarter",
           "annual": "全年 of the year", "plan": "计划 planned"}  # fmt: skip
_TYPES = {"text": "文字 text", "decimal": "数字 number", "integer": "整数 whole number", "boolean": "是/否 yes or no",
          "date": "日期 date, 2022-09-30", "uscc": "18 位统一社会信用代码 unified social credit code"}  # fmt: skip
_FORMATS = {
    "text": "@",
    "uscc": "@",
    "date": "yyyy-mm-dd",
    "decimal": "#,##0.00",
    "integer": "#,##0",
}
_HARD = {
    "reject": "必须改正 must be corrected",
    "quarantine": "必须改正 must be corrected",
    "query": "请核实、说明 check or explain",
    "note": "提示 note",
}


@dataclass(frozen=True)
class Choices:
    """What can be chosen in a column: the texts to write, and what each means."""

    heading: str
    texts: tuple[tuple[str, str], ...]


def make_template(
    form: Form,
    lang: str = "zh",
    zone: str = "",
    period: Period | None = None,
    tables: dict[str, tuple[tuple[str, str], ...]] | None = None,
) -> Workbook:
    """The empty form. `lang`: in which the lines and choices are printed; `tables`: codes and
    titles
    by column.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = _FORM_SHEET
    choices = {c.name: found for c in form.columns if (found := _choices_of(c, lang, tables or {}))}
    _write_head(sheet, form, zone, period)
    _write_headings(sheet, form, choices)
    last = (
        _write_lines(sheet, form, lang, period)
        if form.kind == "indicator"
        else _write_rows(sheet, form)
    )
    ranges = _write_codes(workbook, choices)
    for index, column in enumerate(form.columns, start=1):
        _guard(
            sheet,
            form,
            column,
            f"{get_column_letter(index)}{FIRST_ROW}:{get_column_letter(index)}{last}",
            ranges.get(column.name),
        )
    _write_notes(workbook, form, choices)
    workbook.active = 0
    return workbook


def _choices_of(
    column: Column, lang: str, tables: dict[str, tuple[tuple[str, str], ...]]
) -> Choices | None:
    title = f"{column.title.zh} · {column.title.en}"
    if column.codes:
        return Choices(
            title,
            tuple((t.zh, t.en) if lang == "zh" else (t.en, t.zh) for t in column.codes.values()),
        )
    if column.type == "boolean":
        return Choices(
            title, (("是", "yes"), ("否", "no")) if lang == "zh" else (("yes", "是"), ("no", "否"))
        )
    return Choices(title, tables[column.name]) if column.name in tables else None


# --- the form -----------------------------------------------------------------------------------


def _write_head(sheet: Worksheet, form: Form, zone: str, period: Period | None) -> None:
    """Title, who reports, for when, and who signs."""
    width = max(len(form.columns), 3)
    said = (
        f"报告期 Period：{period.title_zh} ({period})"
        if period
        else "报告期 Period：　　　　年 1-　　月"
    )
    lines = (
        (_TITLE_ROW, f"{form.title.zh} · {form.title.en}", 15, True),
        (_ZONE_ROW, f"填报单位 Reported by：{zone or '　　　　　　'}　{form.department.zh}", 10, False),
        (_PERIOD_ROW, f"{said}　　　　表号 Form：{form.code}", 10, False),
        (_SIGNED_ROW, "填表人 Filled in by：　　　　　　　联系电话 Telephone：　　　　　　　报出日期 Date：", 10, False),
    )  # fmt: skip
    for row, text, size, bold in lines:
        cell = sheet.cell(row, 1)
        put_text(cell, text)
        cell.font = Font(name=FONT, size=size, bold=bold, color=INK)
        cell.alignment = Alignment(horizontal="center" if bold else "left", vertical="center")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
        sheet.row_dimensions[row].height = 30 if bold else 20
    _set_page(sheet, is_wide=width > 12)
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW + 1}"


def _set_page(sheet: Worksheet, *, is_wide: bool = False) -> None:
    """Printed across one page."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if is_wide else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, 0.5)


def heading_of(form: Form, column: Column) -> str:
    """A column's heading as it is printed: its unit in brackets, a star where every row needs it."""
    unit = column.unit or ("%" if column.name == "growth_pct" and form.kind == "indicator" else "")
    return f"{'*' if column.required else ''}{column.title.zh}{f'（{unit}）' if unit else ''}"


def _write_headings(sheet: Worksheet, form: Form, choices: dict[str, Choices]) -> None:
    """Chinese over English, each with a note; columns as wide as what goes into them."""
    for index, column in enumerate(form.columns, start=1):
        zh, en = sheet.cell(_HEADING_ROW, index), sheet.cell(_HEADING_ROW + 1, index)
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
        put_comment(zh, "\n".join(_describe_column(column, choices.get(column.name))))
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
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)


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
            cell = sheet.cell(row, index)
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
                put_comment(cell, "\n".join(_describe_line(indicator)))
    sheet.column_dimensions["A"].width = min(max(26, longest + 4), 60)
    return row


def _write_rows(sheet: Worksheet, form: Form) -> int:
    """The empty rows of a register."""
    for row in range(FIRST_ROW, FIRST_ROW + _RULED_ROWS):
        sheet.row_dimensions[row].height = 18
        for index, column in enumerate(form.columns, start=1):
            cell = sheet.cell(row, index)
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
    """What may stand in a column: a choice is enforced; numbers are only asked for, since `近1.5`
    is
    one too.
    """
    if choices:
        guard = DataValidation(
            type="list", formula1=choices, allow_blank=True, showErrorMessage=True
        )
        guard.errorTitle, guard.error = "代码 Codes", "请从下拉列表中选择 · choose from the list"
    elif column.type == "uscc":
        guard = DataValidation(
            type="textLength",
            operator="equal",
            formula1="18",
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
        )
        guard.error = "统一社会信用代码是 18 位 · 18 characters"
    elif form.kind == "register" and column.numeric:
        guard = DataValidation(
            type="whole" if column.type == "integer" else "decimal",
            operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True, showErrorMessage=True, errorStyle="warning",
        )  # fmt: skip
        guard.error = "这里要填数字 · a number is asked for"
    else:
        return
    guard.promptTitle, guard.prompt = (
        column.title.zh[:32],
        "\n".join(_describe_column(column, None))[:250],
    )
    guard.showInputMessage = True
    guard.add(cells)
    sheet.add_data_validation(guard)


# --- words --------------------------------------------------------------------------------------


def _describe_column(column: Column, choices: Choices | None) -> Iterator[str]:
    """What a column asks for, line by line."""
    yield f"{column.title.zh} · {column.title.en}"
    yield f"{_TYPES[column.type]}{'；必填 required' if column.required else ''}"
    if column.unit:
        yield f"单位 unit：{column.unit}（表头可改为 or {units_for(load_units()[column.unit].base_unit)}）"
    if said := say_range(column.min, column.max):
        yield f"范围 range：{said}"
    if choices:
        yield f"可选 one of：{'、'.join(text for text, _ in choices.texts[:12])}{'…' if len(choices.texts) > 12 else ''}"
    if column.note:
        yield f"{column.note.zh} · {column.note.en}"


def _describe_line(indicator: Indicator) -> Iterator[str]:
    yield f"{indicator.title.zh} · {indicator.title.en}"
    yield f"口径 basis：{_LEVELS[indicator.basis]}"
    if indicator.industry:
        industry = load_industries()[indicator.industry]
        yield f"行业 industry：{industry.code} {industry.title_zh} · {industry.title_en}"
    if indicator.within:
        yield "其中项，不与其他行业相加 · part of another line, not added to the others"
    yield f"可用单位 units：{units_for(indicator.unit)}"
    if said := say_range(indicator.min, indicator.max):
        yield f"范围 range：{said} {indicator.unit}"
    if not indicator.level:
        yield "只报增速 · growth alone is asked for"
    if indicator.note:
        yield f"{indicator.note.zh} · {indicator.note.en}"


# --- the other sheets ---------------------------------------------------------------------------


def _write_codes(workbook: Workbook, choices: dict[str, Choices]) -> dict[str, str]:
    """A sheet of what can be chosen, two columns a list; where each list stands, for the
    drop-downs.
    """
    if not choices:
        return {}
    sheet = workbook.create_sheet(_CODES_SHEET)
    put_text(sheet["A1"], ASIDE)
    sheet.row_dimensions[1].hidden = True
    ranges = {}
    for number, (name, choice) in enumerate(choices.items()):
        first = number * 3 + 1
        _write_plain(sheet.cell(2, first), choice.heading, bold=True)
        for row, (text, meaning) in enumerate(choice.texts, start=3):
            _write_plain(sheet.cell(row, first), text)
            _write_plain(sheet.cell(row, first + 1), meaning, color=QUIET)
        for column, texts in (
            (first, [t for t, _ in choice.texts]),
            (first + 1, [m for _, m in choice.texts]),
        ):
            sheet.column_dimensions[get_column_letter(column)].width = min(
                max(12, *(measure_width(t) + 2 for t in texts)), 60
            )
        letter = get_column_letter(first)
        ranges[name] = f"'{_CODES_SHEET}'!${letter}$3:${letter}${len(choice.texts) + 2}"
    sheet.freeze_panes = "A3"
    _set_page(sheet)
    return ranges


def _write_notes(workbook: Workbook, form: Form, choices: dict[str, Choices]) -> None:
    """How to fill the form in: what each column asks for, the rules it is checked by, and how to
    send
    it.
    """
    sheet = workbook.create_sheet(_NOTES_SHEET, 1)
    put_text(sheet["A1"], ASIDE)
    sheet.row_dimensions[1].hidden = True
    rows: list[tuple[str, str, str]] = [
        (f"{form.title.zh}填报说明", f"How to fill in: {form.title.en}", ""),
        ("怎样报送", f"填好后存为 {form.code}.xlsx；改正后另存为 {form.code}.r2.xlsx。表头不要改动；没有数的留空，0 是一个数。",
         f"Save it as {form.code}.xlsx; a correction as {form.code}.r2.xlsx. Keep the headings; leave empty what has no figure: 0 is one."),
        ("先查后报", f"jibao validate {form.code}.xlsx", "checks the file before it is sent"),
        ("", "", ""),
        ("栏目 Columns", "", ""),
        *((c.title.zh, "；".join(said[1:]), c.title.en) for c in form.columns if (said := list(_describe_column(c, choices.get(c.name))))),
        ("", "", ""),
        ("审核规则 Rules", "", ""),
        *((check.code, f"{check.words.title.zh}（{_HARD[check.severity]}）", check.words.title.en) for check in _rules_of(form)),
    ]  # fmt: skip
    for column, width in (("A", 30), ("B", 70), ("C", 60)):
        sheet.column_dimensions[column].width = width
    for row, (name, zh, en) in enumerate(rows, start=2):
        is_heading = bool(name) and (not zh or row == 2)
        _write_plain(sheet.cell(row, 1), name, bold=is_heading, size=13 if row == 2 else 10)
        _write_plain(sheet.cell(row, 2), zh)
        _write_plain(sheet.cell(row, 3), en, color=QUIET)
        fit_row(sheet, row, (30, 70, 60))
    _set_page(sheet)


def _rules_of(form: Form) -> Iterator[Check]:
    """The rules of the form, each once."""
    seen = set()
    for check in checks_of(form):
        if check.code not in seen:
            seen.add(check.code)
            yield check


def _write_plain(
    cell: Cell, text: str, *, bold: bool = False, color: str = INK, size: float = 10
) -> None:
    put_text(cell, text)
    cell.font = Font(name=FONT, size=size, bold=bold, color=color)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
