"""Errors of a file as a whole: empty, garbled, cut short, of another quarter, or with a column
that is missing or unknown.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from flows.forms.form import Form
from flows.model.period import parse_period
from flows.synthetic.kinds import LATE, MISSING, ErrorKind, Planted, at_cell
from flows.synthetic.sheets import MOST_WORKBOOK_ROWS, Sheet

# what is read as Chinese and is not: Latin-1 and bytes of no encoding at all
_GARBLED = (
    "Région;Valeur ajoutée à prix constants;Évolution\n"
    "Développement économique;107,92;3,4\nÉlevage;1,41;4,1\n"
)


def _empty(_: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]) -> list[Planted]:
    sheet.content = b""
    return [Planted(sheet.path, "empty_file", "FILE-EMPTY")]


def _garble(_: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]) -> list[Planted]:
    sheet.suffix = "csv"
    sheet.content = (_GARBLED * 6 + f"é;{sheet.path}\n").encode("latin-1")
    return [Planted(sheet.path, "garbled_file", "FILE-ENCODING")]


def _cut_short(_: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]) -> list[Planted]:
    if sheet.rows > MOST_WORKBOOK_ROWS:
        return []
    sheet.suffix = "xlsx"
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        content = sheet.workbook_bytes(Path(folder))
    sheet.content = content[: len(content) * 3 // 5]
    return [
        Planted(
            sheet.path,
            "cut_short",
            "FILE-FORMAT",
            was=f"{len(content)} bytes",
            now=f"{len(sheet.content)} bytes",
        )
    ]


def _wrong_period(_: np.random.Generator, form: Form, sheet: Sheet, __: list[int]) -> list[Planted]:
    period = parse_period(sheet.period)
    if form.code == "plan_targets":
        return []
    was = sheet.titles[0]
    sheet.titles[0] = was.replace(period.title_zh, period.year_earlier().title_zh)
    return [
        Planted(
            sheet.path,
            "wrong_period",
            "FILE-PERIOD",
            sheet=sheet.name,
            row=1,
            cell="A1",
            column="",
            was=was,
            now=sheet.titles[0],
        )
    ]


def _drop_column(rng: np.random.Generator, form: Form, sheet: Sheet, _: list[int]) -> list[Planted]:
    asked = [c.name for c in form.columns if c.present and c.name != form.columns[0].name]
    column = str(rng.choice(asked))
    planted = at_cell(sheet, "column_missing", "LAYOUT-MISSING", -1, column, None, None)
    sheet.columns.pop(column)
    return [replace(planted, cell=None, was=sheet.headings.pop(column))]


def _rename_column(
    rng: np.random.Generator, form: Form, sheet: Sheet, _: list[int]
) -> list[Planted]:
    filled = [
        c.name
        for c in form.columns
        if not c.present and c.name != "unit" and sheet.columns[c.name].null_count < sheet.rows
    ]
    if not filled:
        return []
    column = str(rng.choice(filled))
    was = sheet.headings[column]
    sheet.headings[column] = "本表以外的栏目"
    now = sheet.headings[column]
    return [at_cell(sheet, "column_unknown", "LAYOUT-UNKNOWN", -1, column, was, now)]


def _slip_unit_line(
    _: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]
) -> list[Planted]:
    """Every amount of a register under the wrong unit."""
    at = len(sheet.titles) - 1
    was = sheet.titles[at]
    sheet.titles[at] = was.replace("千元", "亿元")
    return [
        Planted(
            sheet.path,
            "unit_line_slip",
            "REGISTER-UNIT-SLIP",
            sheet=sheet.name,
            was=was,
            now=sheet.titles[at],
        )
    ]


def _withhold(_: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]) -> list[Planted]:
    """A sheet that is never sent: `spoiling` leaves it out."""
    return [Planted(sheet.path, "missing_form", MISSING)]


def _delay(_: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]) -> list[Planted]:
    """It came late; the time of receipt was set when the sheet was made."""
    return [Planted(sheet.path, "late_file", LATE, now=sheet.received_at)]


_WITH_OPTIONAL = (
    "gdp",
    "main_indicators",
    "budget",
    "income",
    "investment_promotion",
    "enterprise_quarter",
    "project_ledger",
    "contract_ledger",
    "cultivation_pool",
    "policy_beneficiaries",
)
LATE_FILE = ErrorKind("late_file", _delay)
MISSING_FORM = ErrorKind("missing_form", _withhold, rejects=True)
FILE_KINDS = (
    ErrorKind("empty_file", _empty, rejects=True),
    ErrorKind("garbled_file", _garble, rejects=True),
    ErrorKind("cut_short", _cut_short, rejects=True),
    ErrorKind("wrong_period", _wrong_period, rejects=True),
    ErrorKind("column_missing", _drop_column, rejects=True),
    ErrorKind("column_unknown", _rename_column, _WITH_OPTIONAL, rejects=True),
    ErrorKind(
        "unit_line_slip", _slip_unit_line, ("enterprise_quarter",), after="any", rejects=True
    ),
    MISSING_FORM,
    LATE_FILE,
)
