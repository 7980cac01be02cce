"""Errors in a line of an indicator form: its number, its unit, its place among the others and in
time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from flows.forms.form import Form, Indicator
from flows.model.unit import load_units
from flows.synthetic.kinds import ErrorKind, Planted, at_cell, repeat_rows
from flows.synthetic.sheets import Sheet

Rewrite = Callable[[str, Indicator], str | None]
Fits = Callable[[Indicator], bool]

_OVER = {  # part, whole, rule
    "key_projects": ("key_projects_cleared", "key_projects", "PRJ-CLEARED"),
    "employment": ("employment_intentions", "vacancies", "EMP-INTENTIONS"),
    "government_services": ("service_reviews_bad", "service_reviews", "SVC-BAD-REVIEWS"),
    "value_added_by_industry": ("va_manufacturing", "va_industry", "VAI-MANUFACTURING"),
}
_BY_INDUSTRY = ("value_added_by_industry",)
_TOTALS = ("gdp", "value_added")
_COUNTS = ("jobs_new_urban", "service_reviews", "training_person_times", "sorting_bins")
_WITH_LINES = (
    "main_indicators",
    "value_added_by_industry",
    "income",
    "employment",
    "logistics",
    "urban_works",
)
_WITH_COUNTS = ("employment", "government_services", "urban_works")
_WITH_AMOUNTS = ("main_indicators", "budget", "logistics")
_AMOUNTS = (
    "retail_sales",
    "fixed_asset_investment",
    "budget_revenue",
    "funds_in_place",
    "freight_volume",
    "rural_waste_cleared",
)


def _any_line(_: Indicator) -> bool:
    return True


def _lines(form: Form, sheet: Sheet, fits: Fits = _any_line) -> list[tuple[int, Indicator]]:
    """The rows with a value whose line is fit for the error."""
    by_title = {line.title.zh: line for line in form.indicators}
    rows = [(row, by_title[sheet.text(row, "indicator")]) for row in range(sheet.rows)]
    return [(row, line) for row, line in rows if sheet.text(row, "value") and fits(line)]


def _rewrite(
    kind: str, rule: str, column: str, new: Rewrite, fits: Fits
) -> Callable[[np.random.Generator, Form, Sheet, list[int]], list[Planted]]:
    """An error that puts another text in a cell of one line."""

    def act(rng: np.random.Generator, form: Form, sheet: Sheet, _: list[int]) -> list[Planted]:
        rows = [(row, line) for row, line in _lines(form, sheet, fits) if sheet.text(row, column)]
        if not rows:
            return []
        row, line = rows[int(rng.integers(len(rows)))]
        was = sheet.text(row, column)
        now = new(was, line)
        sheet.put(row, column, now)
        return [at_cell(sheet, kind, rule, row, column, was, now)]

    return act


def _times(factor: float) -> Callable[[str, Indicator], str]:
    return lambda text, line: f"{float(text) * factor:.{line.quoted_decimals}f}"


def _foreign(text: str, _: Indicator) -> str:
    return "公里" if load_units()[text].base_unit != "米" else "吨"


def _drop_line(rng: np.random.Generator, form: Form, sheet: Sheet, _: list[int]) -> list[Planted]:
    rows = _lines(form, sheet, lambda line: line.required)
    if sheet.rows < 2 or not rows:
        return []
    row, line = rows[int(rng.integers(len(rows)))]
    was = sheet.text(row, "value")
    sheet.take(np.delete(np.arange(sheet.rows), row))
    return [
        Planted(
            sheet.path, "line_missing", "LINE-MISSING", sheet=sheet.name, column=line.code, was=was
        )
    ]


def _repeat_line(rng: np.random.Generator, form: Form, sheet: Sheet, _: list[int]) -> list[Planted]:
    rows = _lines(form, sheet)
    if not rows:
        return []
    row, _line = rows[int(rng.integers(len(rows)))]
    return repeat_rows(sheet, [row], "line_twice", "indicator")


def _swap_incomes(_: np.random.Generator, form: Form, sheet: Sheet, __: list[int]) -> list[Planted]:
    by_code = {line.code: row for row, line in _lines(form, sheet)}
    urban, rural = by_code["income_urban"], by_code["income_rural"]
    was, now = sheet.text(urban, "value"), sheet.text(rural, "value")
    sheet.put(urban, "value", now)
    sheet.put(rural, "value", was)
    return [at_cell(sheet, "swapped_rows", "INC-URBAN-RURAL", urban, "value", was, now)]


def _exceed_whole(_: np.random.Generator, form: Form, sheet: Sheet, __: list[int]) -> list[Planted]:
    part, whole, rule = _OVER[form.code]
    by_code = {line.code: row for row, line in _lines(form, sheet)}
    decimals = next(line.quoted_decimals for line in form.indicators if line.code == part)
    was, now = (
        sheet.text(by_code[part], "value"),
        f"{float(sheet.text(by_code[whole], 'value')) + 7:.{decimals}f}",
    )
    sheet.put(by_code[part], "value", now)
    return [at_cell(sheet, "part_over_whole", rule, by_code[part], "value", was, now)]


def _state_index(_: np.random.Generator, __: Form, sheet: Sheet, ___: list[int]) -> list[Planted]:
    """Every growth as an index, last year = 100."""
    rows = [row for row in range(sheet.rows) if sheet.text(row, "growth_pct")]
    if not rows:
        return []
    was = sheet.text(rows[0], "growth_pct")
    now = {row: f"{100 + float(sheet.text(row, 'growth_pct')):.1f}" for row in rows}
    sheet.put_many("growth_pct", dict(now))
    return [
        at_cell(sheet, "growth_as_index", "GROWTH-INDEX", rows[0], "growth_pct", was, now[rows[0]])
    ]


def _state_more(_: np.random.Generator, form: Form, sheet: Sheet, __: list[int]) -> list[Planted]:
    """More enterprises in the pool than its list names."""
    row = next(
        (row for row, line in _lines(form, sheet) if line.code == "threshold_pool_enterprises"),
        None,
    )
    if row is None:
        return []
    was = sheet.text(row, "value")
    sheet.put(row, "value", str(int(was) + 2))
    return [at_cell(sheet, "list_length", "LIST-COUNT", row, "value", was, str(int(was) + 2))]


def _slip_unit(
    rng: np.random.Generator, form: Form, sheet: Sheet, rows: list[int]
) -> list[Planted]:
    """万元 for 亿元: the unit is wrong, and the figure is what looks it."""
    planted = _rewrite("unit_slip", "FIGURE-UNIT-SLIP", "unit", lambda _, __: "万元", _in_100m)(
        rng, form, sheet, rows
    )
    return [replace(p, cell=f"{sheet.letter('value')}{p.row}") for p in planted]


def _in_100m(line: Indicator) -> bool:
    return line.quoted_unit == "亿元" and line.code in _AMOUNTS


def _is_amount_by_month(line: Indicator) -> bool:
    return line.code in _AMOUNTS and line.quoted_decimals > 0


def _is_nominal(line: Indicator) -> bool:
    return line.price_basis == "nominal"


def _up(points: float) -> Callable[[str, Indicator], str]:
    return lambda text, _: f"{float(text) + points:.1f}"


def _cell_kind(
    name: str,
    rule: str,
    column: str,
    new: Rewrite,
    fits: Fits = _any_line,
    forms: tuple[str, ...] = (),
    after: str = "",
) -> ErrorKind:
    """A kind that puts another text in a cell of one line."""
    return ErrorKind(name, _rewrite(name, rule, column, new, fits), forms, after)


LINE_KINDS = (
    _cell_kind("number_text", "VALUE-NUMBER", "value", lambda text, _: text[:-1] + "o"),
    _cell_kind("unit_missing", "UNIT-MISSING", "unit", lambda _, __: None),
    _cell_kind("unit_unknown", "UNIT-UNKNOWN", "unit", lambda _, __: "担"),
    _cell_kind("unit_foreign", "UNIT-DIMENSION", "unit", _foreign),
    _cell_kind("line_unknown", "LINE-UNKNOWN", "indicator", lambda _, __: "本表以外的指标"),
    _cell_kind(
        "negative",
        "VALUE-RANGE",
        "value",
        lambda text, _: f"-{text}",
        lambda i: i.min == 0 and i.code not in _TOTALS,
    ),
    _cell_kind(
        "above_100",
        "VALUE-RANGE",
        "value",
        _times(10),
        lambda i: i.max == 100,
        ("government_services", "social_insurance"),
    ),
    _cell_kind("sum_broken", "GDP-SUM", "value", _times(1.08), lambda i: i.code == "gdp", ("gdp",)),
    _cell_kind(
        "outside_bracket", "GDP-BRACKET", "growth_pct", _up(9), lambda i: i.code == "gdp", ("gdp",)
    ),
    _cell_kind(
        "industries_sum_broken",
        "VAI-SUM",
        "value",
        _times(1.08),
        lambda i: i.code == "value_added",
        _BY_INDUSTRY,
    ),
    _cell_kind(
        "industries_outside_bracket",
        "VAI-BRACKET",
        "growth_pct",
        _up(19),
        lambda i: i.code == "value_added",
        _BY_INDUSTRY,
    ),
    ErrorKind("line_missing", _drop_line, _WITH_LINES),
    ErrorKind("line_twice", _repeat_line),
    ErrorKind("swapped_rows", _swap_incomes, ("income",)),
    ErrorKind("part_over_whole", _exceed_whole, tuple(_OVER)),
    ErrorKind("growth_as_index", _state_index, ("main_indicators", "income")),
    ErrorKind("list_length", _state_more, ("cultivation",)),
    # what shows against an earlier quarter alone
    ErrorKind("unit_slip", _slip_unit, ("main_indicators", "budget"), "any"),
    _cell_kind(
        "outlier",
        "FIGURE-MAGNITUDE",
        "value",
        _times(50),
        lambda i: i.code in _AMOUNTS,
        _WITH_AMOUNTS,
        "any",
    ),
    _cell_kind(
        "ytd_falls",
        "FIGURE-YTD-FALLS",
        "value",
        _times(0.4),
        _is_amount_by_month,
        _WITH_AMOUNTS,
        "quarter",
    ),
    _cell_kind(
        "count_falls",
        "FIGURE-COUNT-FALLS",
        "value",
        _times(0.4),
        lambda i: i.code in _COUNTS,
        _WITH_COUNTS,
        "quarter",
    ),
    _cell_kind(
        "growth_mismatch",
        "FIGURE-LEVEL-GROWTH",
        "growth_pct",
        _up(6),
        _is_nominal,
        ("main_indicators", "budget", "income"),
        "year",
    ),
)
