"""The other sheets of a blank form: how to fill it in, and the codes that can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.forms.form import Form
from flows.read.sheet_marks import ASIDE
from flows.reply.cells import cell_at, fit_row, put_plain, put_text, set_page
from flows.reply.form_words import Choices, describe_column
from flows.reply.printed_text import QUIET, measure_width
from flows.validate.checks import Check, checks_of

_NOTES_SHEET, _CODES_SHEET = "填报说明 Notes", "代码 Codes"
_ASKED = {
    "reject": "必须改正 must be corrected",
    "quarantine": "必须改正 must be corrected",
    "query": "请核实、说明 check or explain",
    "note": "提示 note",
}


def write_codes(workbook: Workbook, choices: dict[str, Choices]) -> dict[str, str]:
    """A sheet of what can be chosen, two columns a list; where each list stands, for the
    drop-downs.
    """
    if not choices:
        return {}
    sheet: Worksheet = workbook.create_sheet(_CODES_SHEET)
    put_text(cell_at(sheet, 1, 1), ASIDE)
    sheet.row_dimensions[1].hidden = True
    ranges = {}
    for number, (name, choice) in enumerate(choices.items()):
        first = number * 3 + 1
        put_plain(cell_at(sheet, 2, first), choice.heading, bold=True)
        for row, (text, meaning) in enumerate(choice.texts, start=3):
            put_plain(cell_at(sheet, row, first), text)
            put_plain(cell_at(sheet, row, first + 1), meaning, color=QUIET)
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
    set_page(sheet)
    return ranges


def write_notes(workbook: Workbook, form: Form, choices: dict[str, Choices]) -> None:
    """How to fill the form in: what each column asks for, its rules, and how to send it."""
    sheet: Worksheet = workbook.create_sheet(_NOTES_SHEET, 1)
    put_text(cell_at(sheet, 1, 1), ASIDE)
    sheet.row_dimensions[1].hidden = True
    rows = _list_notes(form, choices)
    for column, width in (("A", 30), ("B", 70), ("C", 60)):
        sheet.column_dimensions[column].width = width
    for row, (name, zh, en) in enumerate(rows, start=2):
        is_heading = bool(name) and (not zh or row == 2)
        put_plain(cell_at(sheet, row, 1), name, bold=is_heading, size=13 if row == 2 else 10)
        put_plain(cell_at(sheet, row, 2), zh)
        put_plain(cell_at(sheet, row, 3), en, color=QUIET)
        fit_row(sheet, row, (30, 70, 60))
    set_page(sheet)


def _list_notes(form: Form, choices: dict[str, Choices]) -> list[tuple[str, str, str]]:
    """The rows of the sheet: what is named, in Chinese, in English; a part's heading has the first
    alone.
    """
    rows = [
        (f"{form.title.zh}填报说明", f"How to fill in: {form.title.en}", ""),
        (
            "怎样报送",
            f"填好后存为 {form.code}.xlsx；改正后另存为 {form.code}.r2.xlsx。"
            "表头不要改动；没有数的留空，0 是一个数。",
            f"Save it as {form.code}.xlsx; a correction as {form.code}.r2.xlsx. "
            "Keep the headings; leave empty what has no figure: 0 is one.",
        ),
        ("先查后报", f"jibao validate {form.code}.xlsx", "checks the file before it is sent"),
        ("", "", ""),
        ("栏目 Columns", "", ""),
    ]
    for column in form.columns:
        _, *notes = describe_column(column, choices.get(column.name))
        rows.append((column.title.zh, "；".join(notes), column.title.en))
    rows += [("", "", ""), ("审核规则 Rules", "", "")]
    for check in _rules_of(form):
        title = check.words.title
        rows.append((check.code, f"{title.zh}（{_ASKED[check.severity]}）", title.en))
    return rows


def _rules_of(form: Form) -> Iterator[Check]:
    """The rules of the form, each once."""
    seen = set()
    for check in checks_of(form):
        if check.code not in seen:
            seen.add(check.code)
            yield check
