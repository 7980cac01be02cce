"""Errors in rows of a register: a code, a number, an entry missing, doubled, or gone back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flows.forms.form import Form
from flows.synthetic.enterprises import ALPHABET
from flows.synthetic.kinds import Kind, Planted, at_cell, repeat_rows
from flows.synthetic.sheets import Sheet

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


def _rewrite(
    kind: str, rule: str, column: str, new: Callable[[str], str | None]
) -> Callable[[np.random.Generator, Form, Sheet, list[int]], list[Planted]]:
    """An error that puts another text in a cell, in every row offered that has one; `new` may
    refuse
    with the text itself.
    """

    def act(_: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
        field = (
            _STAGED[form.code]
            if column == "stage"
            else _DATES[form.code]
            if column == "date"
            else column
        )
        return _put(
            sheet,
            kind,
            rule,
            field,
            {row: new(sheet.text(row, field)) for row in rows if sheet.text(row, field)},
        )

    return act


def _put(
    sheet: Sheet, kind: str, rule: str, column: str, now: dict[int, str | None]
) -> list[Planted]:
    changed = {row: text for row, text in now.items() if text != sheet.text(row, column)}
    planted = [
        at_cell(sheet, kind, rule, row, column, sheet.text(row, column), text)
        for row, text in changed.items()
    ]
    if changed:
        sheet.put_many(column, changed)
    return planted


def _next_character(code: str) -> str:
    """The check character made wrong."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]


def _times(factor: float) -> Callable[[str], str]:
    return lambda text: str(
        round(int(text) * factor) + 10
    )  # beyond rounding, where the enterprise is tiny


def _drop_rows(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    """Entries of the quarter before that are not there. Projects are added at the end: the first
    have
    been there longest.
    """
    rows = [row for row in rows if sheet.form != "project_ledger" or row < _OLD_PROJECTS]
    if not rows or sheet.rows <= len(rows) + 1:
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


def _repeat_rows(
    _: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]
) -> list[Planted]:
    return repeat_rows(sheet, rows, "entry_twice", form.key[-1])


def _swap_quarter(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    """The quarter and the year to date in each other's column; in a first quarter they are the
    same.
    """
    quarter, ytd = "output_quarter_cny", "output_ytd_cny"
    pairs = {row: (sheet.text(row, quarter), sheet.text(row, ytd)) for row in rows}
    pairs = {row: pair for row, pair in pairs.items() if int(pair[0]) < int(pair[1])}
    sheet.put_many(ytd, {row: pair[0] for row, pair in pairs.items()})
    return _put(
        sheet,
        "swapped_columns",
        "ENT-OUTPUT-YTD",
        quarter,
        {row: pair[1] for row, pair in pairs.items()},
    )


def _profit(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    now: dict[int, str | None] = {
        row: str(int(sheet.text(row, "revenue_ytd_cny")) + 9) for row in rows
    }
    return _put(sheet, "profit_over_revenue", "ENT-PROFIT-REVENUE", "profit_ytd_cny", now)


def _hide(_: np.random.Generator, __: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    """One that is in the frame is given as below the threshold; construction has none."""
    framed = {
        row: "否"
        for row in rows
        if sheet.text(row, "above_threshold") == "是"
        and int(sheet.text(row, "revenue_ytd_cny")) >= 20_000
    }
    framed = {
        row: no
        for row, no in framed.items()
        if sheet.text(row, "industry")[:2] not in ("47", "48", "49", "50", "70")
    }
    if not framed:
        return []
    sheet.put_many("above_threshold", dict(framed))
    return [
        at_cell(sheet, "uncounted", "ENT-UNCOUNTED", row, "revenue_ytd_cny", "是", "否")
        for row in framed
    ]


def _fall_back(_: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]) -> list[Planted]:
    column, back = _STAGED[form.code], _BACK[form.code]
    if form.code == "policy_beneficiaries":  # the last were not there in the quarter before
        rows = [row for row in rows if row < sheet.rows - _NEW_BENEFICIARIES]
    now: dict[int, str | None] = {
        row: back.get(sheet.text(row, column), sheet.text(row, column)) for row in rows
    }
    return _put(sheet, "stage_back", "STAGE-BACK", column, now)


def _cell_kind(
    name: str,
    rule: str,
    column: str,
    new: Callable[[str], str | None],
    forms: tuple[str, ...] = _ENTERPRISES,
    after: str = "",
) -> Kind:
    """A kind that puts another text in a cell; `stage` and `date` are whatever column of the form
    that
    is.
    """
    return Kind(name, _rewrite(name, rule, column, new), forms, after)


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
    Kind("profit_over_revenue", _profit, _ENTERPRISES),
    Kind("uncounted", _hide, _ENTERPRISES),
    Kind("entry_twice", _repeat_rows, (*_CODED, *_ENTERPRISES)),
    # what shows against an earlier quarter alone, save the first
    Kind("swapped_columns", _swap_quarter, _ENTERPRISES, "quarter"),
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
    Kind("entry_missing", _drop_rows, ("enterprise_quarter", "project_ledger"), "quarter"),
    Kind("stage_back", _fall_back, tuple(_BACK), "quarter"),
)
