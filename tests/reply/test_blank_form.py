"""The template: what it gives, filled in, is accepted; what it asks for is said on it."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from flows.cli import app
from flows.cli.template import open_tables
from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.name import tidy_heading
from flows.model.period import Period
from flows.model.submission import Reading
from flows.reply.blank_form import FIRST_ROW, make_template
from flows.reply.form_words import heading_of

SAMPLES = Path(__file__).parents[1] / "forms"
FORMS = sorted(load_catalogue())
ZONE = "通辽经济技术开发区 150571"


def make(form: Form, lang: str = "zh", period: Period | None = None) -> Workbook:
    """The template, saved and opened again."""
    sink = io.BytesIO()
    make_template(form, lang, ZONE, period, open_tables(form)).save(sink)
    return openpyxl.load_workbook(sink)


def bytes_of(workbook: Workbook) -> bytes:
    sink = io.BytesIO()
    workbook.save(sink)
    return sink.getvalue()


def good_sample(form: str) -> dict[str, object]:
    """A sample of the form that breaks no rule and leaves none unchecked."""
    samples = tomllib.loads((SAMPLES / form / "expected.toml").read_text(encoding="utf-8"))[
        "sample"
    ]
    return next(
        s
        for s in samples
        if not s.get("finding") and not s.get("unchecked") and s["status"] == "accepted"
    )


def rows_of(form: Form, judged: object) -> list[dict[str, str]]:
    """The rows of a sample as they were read, by the form's own names of columns, with the units of its headings."""
    reading = Reading.open(judged.folder)
    units = {
        (b.block, name): h.unit for b in reading.blocks for name, h in b.headings.items() if h.unit
    }
    rows = []
    for text in open_table(judged.folder / "text.arrow").to_pylist():
        row = {c.name: text[c.name] for c in form.columns if text[c.name]}
        rows.append(
            row
            | {
                f"{name}__unit": units[text["_block"], name]
                for name in row
                if (text["_block"], name) in units
            }
        )
    return rows


def as_typed(text: str) -> object:
    """What a person who types the text has in the cell: a number where it is one."""
    try:
        return (
            float(text)
            if text.strip("-").replace(".", "", 1).isdigit() and not text.startswith("0")
            else text
        )
    except ValueError:
        return text


def fill_in(sheet: Worksheet, form: Form, rows: list[dict[str, str]]) -> None:
    """Write a sample's figures into a template: lines by name, rows of a register one after the other."""
    names = [column.name for column in form.columns]
    text = {c.name for c in form.columns if c.type in ("text", "uscc", "date")}
    lines = {}
    if form.kind == "indicator":
        known = {s: i.code for i in form.indicators for s in i.spellings}
        lines = {
            known[tidy_heading(sheet.cell(n, 1).value)]: n
            for n in range(FIRST_ROW, sheet.max_row + 1)
            if sheet.cell(n, 1).value
        }
    for number, row in enumerate(rows, start=FIRST_ROW):
        at = lines[known[tidy_heading(row["indicator"])]] if lines else number
        for index, name in enumerate(names, start=1):
            if row.get(name) and not (lines and name == "indicator"):
                sheet.cell(at, index).value = row[name] if name in text else as_typed(row[name])
        if lines and "unit" not in row and "value__unit" in row:
            sheet.cell(at, names.index("unit") + 1).value = row["value__unit"]
        for index, column in enumerate(form.columns, start=1):
            unit = row.get(f"{column.name}__unit")
            if not lines and unit and column.unit and unit != column.unit:
                heading = sheet.cell(FIRST_ROW - 2, index)
                heading.value = str(heading.value).replace(column.unit, unit)


@pytest.mark.sampled
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_what_the_template_gives_filled_in_is_accepted_without_a_finding(
    judge_file: Callable, form: str, lang: str
) -> None:
    declared, sample = load_catalogue()[form], good_sample(form)
    period = str(sample.get("period", "2022Q3"))
    workbook = make(declared, lang)  # every line, those of other quarters too
    where = {"period": period, "zone": sample.get("zone", "150571")}
    rows = rows_of(declared, judge_file(form, SAMPLES / form / str(sample["file"]), **where))
    fill_in(workbook.worksheets[0], declared, rows)
    judged = judge_file(form, bytes_of(workbook), name=f"{form}.xlsx", **where)
    assert [(f.code, f.cell, f.message_en) for f in judged.findings] == []
    loaded = [
        row
        for row in judged.accepted
        if row.get("value", 0) is not None or row.get("growth_reported_pct") is not None
    ]
    assert judged.status == "accepted" and len(loaded) == len(rows)


@pytest.mark.sampled
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_one_sent_back_is_told_that_it_is_empty(judge_file: Callable, form: str) -> None:
    judged = judge_file(form, bytes_of(make(load_catalogue()[form])), name=f"{form}.xlsx")
    assert (judged.status, judged.codes) == ("rejected", ["LAYOUT-EMPTY"])
    assert "not one figure is filled in" in judged.only("LAYOUT-EMPTY").message_en


@pytest.mark.parametrize("form", FORMS)
def test_headings_units_notes_and_lines_are_those_of_the_form(form: str) -> None:
    declared = load_catalogue()[form]
    sheet = make(declared).worksheets[0]
    for index, column in enumerate(declared.columns, start=1):
        assert sheet.cell(FIRST_ROW - 2, index).value == heading_of(declared, column)
        assert sheet.cell(FIRST_ROW - 1, index).value == column.title.en
        assert column.unit is None or column.unit in sheet.cell(FIRST_ROW - 2, index).value
        note = sheet.cell(FIRST_ROW - 2, index).comment.text
        assert column.title.en in note and (not column.note or column.note.en in note)
    if declared.kind == "indicator":
        lines = [
            (sheet.cell(n, 1).value, sheet.cell(n, 2).value)
            for n in range(FIRST_ROW, sheet.max_row + 1)
        ]
        assert lines == [(i.title.zh, i.quoted_unit) for i in declared.indicators]


def test_title_zone_and_quarter_are_printed() -> None:
    sheet = make(load_catalogue()["gdp"], period=Period(2022, 3)).worksheets[0]
    assert sheet["A1"].value == "地区生产总值 · Gross regional product by sector"
    assert ZONE in sheet["A2"].value and "2022年1-9月 (2022Q3)" in sheet["A3"].value


def test_a_quarter_leaves_out_the_lines_that_are_not_due_in_it() -> None:
    form = next(
        f
        for f in load_catalogue().values()
        if f.kind == "indicator" and len({f.due_quarters(i) for i in f.indicators}) > 1
    )
    part = next(i for i in form.indicators if len(form.due_quarters(i)) < 4)
    missing = next(q for q in (1, 2, 3, 4) if q not in form.due_quarters(part))
    sheet = make(form, period=Period(2022, missing)).worksheets[0]
    assert part.title.zh not in [
        sheet.cell(n, 1).value for n in range(FIRST_ROW, sheet.max_row + 1)
    ]


def test_choices_are_drop_downs_and_long_lists_stand_on_a_sheet() -> None:
    workbook = make(load_catalogue()["enterprise_quarter"])
    guards = {g.promptTitle: g for g in workbook.worksheets[0].data_validations.dataValidation}
    industry = guards["行业代码"]
    sheet, _, cells = industry.formula1.rpartition("!")
    codes = [row[0].value for row in workbook[sheet.strip("'")][cells.replace("$", "")]]
    assert industry.type == "list" and "01" in codes and "3921" in codes and len(codes) > 1_500
    assert not {"BTD", "MTS"} & set(codes), "an enterprise is in no aggregate of sections"
    assert guards["是否规模以上"].type == "list" and guards["统一社会信用代码"].type == "textLength"
    assert workbook.worksheets[0].column_dimensions["A"].number_format == "@", (
        "identifiers are text, whatever is typed"
    )


def test_the_same_call_gives_the_same_bytes_and_nothing_is_written_over(tmp_path: Path) -> None:
    first, second = (
        CliRunner().invoke(app, ["template", "gdp", "-o", str(tmp_path / name)])
        for name in ("a.xlsx", "b.xlsx")
    )
    assert first.exit_code == second.exit_code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    again = CliRunner().invoke(app, ["template", "gdp", "-o", str(tmp_path / "a.xlsx")])
    assert again.exit_code == 2 and "is there already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gpd",), "there is no form gpd; nearest of 31: gdp, "),
        (("gdp", "--zone", "9"), "there is no zone 9"),
        (("gdp", "--period", "x"), "“x” is not a period"),
    ],
)
def test_a_call_that_cannot_be_understood_is_2(arguments: tuple[str, ...], words: str) -> None:
    result = CliRunner().invoke(app, ["template", *arguments])
    assert result.exit_code == 2 and words in result.stderr


def test_every_form_at_once(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["template", "all", "--zone", "150571", "--period", "2023Q1", "-o", str(tmp_path)]
    )
    assert result.exit_code == 0
    assert sorted(path.stem for path in tmp_path.iterdir()) == FORMS
