"""Errors in rows of a register: a code, a number, an entry missing, doubled, or gone back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flows.forms.form import Form
from flows.synthetic.enterprises import ALPHABET, threshold_of
from flows.synthetic.kinds import ErrorKind, Planted, at_cell, repeat_rows
from flows.synthetic.sheets import Sheet

Rewrite = Callable[[str], str | None]
Act = Callable[[np.random.Generator, Form, Sheet, list[int]], list[Planted]]

_ENTERPRISES = ("enterprise_quarter",)
_STAGED = {
    "project_ledger": "stage",
    "contract_ledger": "stage",
    "cultivation_pool": "status",
    "policy_beneficiaries": "status",
}
_BACK = {  # what a later stage falls back to
    "project_ledger": {
        "主体完工": "拟建",
        "即将验收移交": "开工",
        "完工": "计划开工",
        "运营": "开工",
    },
    "policy_beneficiaries": {"已兑现": "已审定", "分批兑现": "已审定"},
}
_DATES = {
    "project_ledger": "start_date",
    "cultivation_pool": "date_in",
    "contract_ledger": "signed_date",
}
_OLD_PROJECTS, _NEW_BENEFICIARIES = 20, 3
_CODED = ("project_ledger", "contract_ledger", "cultivation_pool", "policy_beneficiaries")


def _rewrite(kind: str, rule: str, column: str, new: Rewrite) -> Act:
    """An error that puts another text in a cell of every row given."""

    def act(_: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
        field = _column_of(form.code, column)
        return _put(sheet, kind, rule, field, {row: new(sheet.text(row, field)) for row in rows})

    return act


def _column_of(form: str, column: str) -> str:
    """`stage` and `date` are whatever column of the form that is."""
    return {"stage": _STAGED, "date": _DATES}.get(column, {}).get(form, column)


def _put(
    sheet: Sheet, kind: str, rule: str, column: str, now: dict[int, str | None]
) -> list[Planted]:
    planted = [
        at_cell(sheet, kind, rule, row, column, sheet.text(row, column), text)
        for row, text in now.items()
    ]
    sheet.put_many(column, now)
    return planted


def _next_character(code: str) -> str:
    """The check character made wrong."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


def _times(factor: float) -> Callable[[str], str]:
    return lambda text: str(
        round(int(text) * factor) + 10
    )  # beyond rounding, where the enterprise is tiny


def _drop_rows(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    """Entries of the quarter before that are not there."""
    if sheet.rows <= len(rows) + 1:
        return []
    key = "enterprise" if "enterprise" in sheet.columns else next(iter(sheet.columns))
    names = [sheet.text(row, key) for row in rows]
    sheet.take(np.delete(np.arange(sheet.rows), rows))
    return [
        Planted(
            sheet.path, "entry_missing", "ENTRY-DROPPED", sheet=sheet.name, column=key, was=name
        )
        for name in names
    ]


def _was_there(sheet: Sheet, row: int) -> bool:
    """Projects are added at the end: the first have been there longest."""
    return sheet.form != "project_ledger" or row < _OLD_PROJECTS


def _repeat_rows(
    _: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]
) -> list[Planted]:
    return repeat_rows(sheet, rows, "entry_twice", form.key[-1])


def _swap_quarter(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    """The quarter and the year to date in each other's column."""
    quarter, ytd = "output_quarter_cny", "output_ytd_cny"
    now: dict[int, str | None] = {row: sheet.text(row, ytd) for row in rows}
    sheet.put_many(ytd, {row: sheet.text(row, quarter) for row in rows})
    return _put(sheet, "swapped_columns", "ENT-OUTPUT-YTD", quarter, now)


def _is_swappable(sheet: Sheet, row: int) -> bool:
    """In a first quarter the two are the same."""
    return int(sheet.text(row, "output_quarter_cny")) < int(sheet.text(row, "output_ytd_cny"))


def _profit(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    now: dict[int, str | None] = {
        row: str(int(sheet.text(row, "revenue_ytd_cny")) + 9) for row in rows
    }
    return _put(sheet, "profit_over_revenue", "ENT-PROFIT-REVENUE", "profit_ytd_cny", now)


def _hide(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    """One that is in the frame is given as below the threshold."""
    sheet.put_many("above_threshold", dict.fromkeys(rows, "否"))
    return [
        at_cell(sheet, "uncounted", "ENT-UNCOUNTED", row, "revenue_ytd_cny", "是", "否")
        for row in rows
    ]


def _is_counted(sheet: Sheet, row: int) -> bool:
    """In the frame by its revenue of this year; construction is in it by qualification."""
    threshold = threshold_of(sheet.text(row, "industry"))
    return (
        sheet.text(row, "above_threshold") == "是"
        and threshold is not None
        and int(sheet.text(row, "revenue_ytd_cny")) >= threshold
    )


def _fall_back(_: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    column, back = _STAGED[form.code], _BACK[form.code]
    now: dict[int, str | None] = {row: back[sheet.text(row, column)] for row in rows}
    return _put(sheet, "stage_back", "STAGE-BACK", column, now)


def _has_gone_on(sheet: Sheet, row: int) -> bool:
    """Beneficiaries are added at the end: the last were not there in the quarter before."""
    is_new = sheet.form == "policy_beneficiaries" and row >= sheet.rows - _NEW_BENEFICIARIES
    return not is_new and sheet.text(row, _STAGED[sheet.form]) in _BACK[sheet.form]


def _cell_kind(
    name: str,
    rule: str,
    column: str,
    new: Rewrite,
    forms: tuple[str, ...] = _ENTERPRISES,
    after: str = "",
) -> ErrorKind:
    """A kind that puts another text in a cell that has one."""

    def alters(sheet: Sheet, row: int) -> bool:
        text = sheet.text(row, _column_of(sheet.form, column))
        return bool(text) and new(text) != text

    return ErrorKind(name, _rewrite(name, rule, column, new), forms, after, fits=alters)


ROW_KINDS = (
    _cell_kind(
        "credit_code",
        "VALUE-TYPE",
        "uscc",
        _next_character,
        ("enterprise_quarter", "cultivation_pool"),
    ),
    _cell_kind("industry_unknown", "VALUE-CODE", "industry", lambda _: "9999"),
    _cell_kind("number_text", "VALUE-NUMBER", "output_ytd_cny", lambda text: text[:-1] + "o"),
    _cell_kind(
        "letter_in_amount",
        "VALUE-NUMBER",
        "investment_planned_cny",
        lambda text: text[:-1] + "l",
        ("project_ledger",),
    ),
    _cell_kind("name_blank", "VALUE-REQUIRED", "enterprise", lambda _: None),
    _cell_kind("negative", "VALUE-RANGE", "output_quarter_cny", lambda text: f"-{text}"),
    _cell_kind("half_a_person", "VALUE-TYPE", "employees", lambda text: f"{text}.5"),
    _cell_kind("neither_yes_nor_no", "VALUE-TYPE", "above_threshold", lambda _: "也许"),
    _cell_kind("outlier", "ENT-OUTPUT-REVENUE", "revenue_ytd_cny", _times(50)),
    _cell_kind("stage_unknown", "VALUE-CODE", "stage", lambda _: "快了", _CODED),
    _cell_kind("date_unreadable", "VALUE-TYPE", "date", lambda _: "去年底", tuple(_DATES)),
    ErrorKind("profit_over_revenue", _profit, _ENTERPRISES),
    ErrorKind("uncounted", _hide, _ENTERPRISES, fits=_is_counted),
    ErrorKind("entry_twice", _repeat_rows, (*_CODED, *_ENTERPRISES)),
    # what shows against an earlier quarter alone, save the first
    ErrorKind("swapped_columns", _swap_quarter, _ENTERPRISES, "quarter", fits=_is_swappable),
    _cell_kind("ytd_step", "ENT-YTD-STEP", "output_ytd_cny", _times(1.3), after="quarter"),
    _cell_kind(
        "ytd_falls",
        "ENT-YTD-FALLS",
        "revenue_ytd_cny",
        lambda text: str(int(text) * 3 // 10),
        after="quarter",
    ),
    _cell_kind(
        "year_earlier",
        "ENT-YEAR-EARLIER",
        "revenue_ytd_year_earlier_cny",
        _times(1.2),
        after="year",
    ),
    ErrorKind(
        "entry_missing",
        _drop_rows,
        ("enterprise_quarter", "project_ledger"),
        "quarter",
        fits=_was_there,
    ),
    ErrorKind("stage_back", _fall_back, tuple(_BACK), "quarter", fits=_has_gone_on),
)
