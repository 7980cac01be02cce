"""Cells that say more than their text: the cases, each as XLSX, XLS and ODS where they can say it.

`make_ugly.py` writes what `list_cases` gives; figures and expected rows come from there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from cell_files import WRITERS, Cell, Sheet, xlsx  # it stands beside this module

HEADINGS = ["指标名称", "计量单位", "本年累计", "同比增长（%）"]
MAIN_LINES = [
    ("industry_va", "规模以上工业增加值", None, "-2.0"),
    ("fixed_asset_investment", "固定资产投资", "37.66", "6.6"),
    ("retail_sales", "社会消费品零售总额", "41.82", "3.6"),
]
Change = Callable[[Cell], Cell]
Case = tuple[str, bytes, list[dict[str, Any]], dict[str, Any]]


def plain(cell: Cell) -> Cell:
    return cell


def coded(code: str, scale: float = 1) -> Change:
    """The same figure in a format, stored at another size."""
    digits = 10
    return lambda cell: replace(
        cell, value=round(float(cell.value or 0) * scale, digits), code=code
    )


def first_only(change: Change) -> Change:
    """The change for the first line of the table alone."""
    seen: list[Cell] = []

    def once(cell: Cell) -> Cell:
        seen.append(cell)
        return change(cell) if len(seen) == 1 else cell

    return once


def sheet_of(
    figures: Iterable[tuple[Any, ...]], value: Change, growth: Change, **more: Any
) -> Sheet:
    rows: list[list[Any]] = [list(HEADINGS)]
    for _, title, level, rate in figures:
        cell = value(Cell(float(level))) if level else "—"
        rows.append([title, "亿元" if level else "", cell, growth(Cell(float(rate)))])
    return Sheet(rows, **more)


def with_unit_once(sheet: Sheet, *areas: tuple[int, int, int, int]) -> Sheet:
    """The unit in the first of merged cells alone."""
    sheet.merged += areas
    for top, left, bottom, _ in areas:
        for row in range(top + 1, bottom + 1):
            sheet.rows[row][left] = None
    return sheet


def list_cases(
    gdp: list[tuple[str, str, str, str]], lines: Callable[..., Any], row: Callable[..., Any]
) -> Iterable[Case]:
    """Name, content, expected rows, and what else is told, of every case of the kind."""
    everywhere = ("xlsx", "xls", "ods")
    right = lines(2)

    def each(
        name: str,
        make: Callable[[], Sheet],
        *findings: tuple[str, str],
        formats: Iterable[str] = everywhere,
        expected: Any = right,
        **told: Any,
    ) -> Iterable[Case]:
        for kind in formats:
            told_all = {"findings": [list(f) for f in findings], **told}
            yield f"{name}_{kind}.{kind}", WRITERS[kind](make()), expected, told_all

    def of_gdp(value: Change = plain, growth: Change = plain, **more: Any) -> Callable[[], Sheet]:
        return lambda: sheet_of(gdp, value, growth, **more)

    percent = coded("0.0%", 0.01)
    yield from each("c01_percent", of_gdp(growth=percent))
    yield from each(
        "c02_percent_by_formula", of_gdp(growth=lambda c: replace(percent(c), formula="1"))
    )
    yield from each("c03_percent_of_two_decimals", of_gdp(growth=coded("0.00%", 0.01)))
    yield from each(
        "c04_percent_wrong_dimension", of_gdp(growth=percent, dimension="A1"), formats=["xlsx"]
    )
    yield "c05_percent_strict.xlsx", xlsx(of_gdp(growth=percent)(), is_strict=True), right, {}
    yield from each("c06_percent_sign_is_a_word", of_gdp(growth=coded('0.0"%"')))
    yield from each(
        "c07_percent_sign_escaped", of_gdp(growth=coded("0.0\\%")), formats=["xlsx", "xls"]
    )
    yield from each("c08_percent_red_below_zero", of_gdp(growth=coded("0.0%;[Red]-0.0%", 0.01)))

    yield from each("c10_thousands_left_away", of_gdp(coded("0.00,", 1000)), ("CELL-SCALED", "C2"))
    yield from each(
        "c11_millions_left_away", of_gdp(coded("#,##0.00,,", 1e6)), ("CELL-SCALED", "C2")
    )
    yield from each(
        "c12_a_point_that_divides",
        of_gdp(coded("0!.0000", 10000)),
        ("CELL-SCALED", "C2"),
        formats=["xlsx", "xls"],
    )
    yield from each(
        "c13_a_point_in_quotes_divides",
        of_gdp(coded('0"."0000', 10000)),
        ("CELL-SCALED", "C2"),
        formats=["xlsx", "xls"],
    )

    yield from each("c15_unit_in_the_format", of_gdp(coded('0.00"亿元"')))
    yield from each("c16_unit_in_the_format_grouped", of_gdp(coded('#,##0.00" 亿元"')))
    yield from each("c17_currency_in_the_format", of_gdp(coded('"¥"0.00')))

    yield from each("c20_words_for_the_sign", of_gdp(growth=coded('"增长"0.0;"下降"0.0')))
    yield from each("c21_sign_always", of_gdp(growth=coded("+0.0;-0.0")))

    def of_main(growth: Change) -> Callable[[], Sheet]:
        return lambda: sheet_of(MAIN_LINES, plain, growth)

    main = [
        row("industry_va", None, None, "-2.0", 2, status="M"),
        *(
            row(code, level, "亿元", rate, n)
            for n, (code, _, level, rate) in enumerate(MAIN_LINES[1:], start=3)
        ),
    ]
    told = {"form": "main_indicators", "expected": main}
    yield from each("c22_fall_in_words", of_main(coded('0.0;"下降"0.0')), **told)
    yield from each("c23_red_with_its_minus", of_main(coded("0.0;[Red]-0.0")), **told)
    yield from each(
        "c24_red_without_its_minus", of_main(coded("0.0;[Red]0.0")), ("CELL-SIGN", "D2"), **told
    )
    yield from each("c25_brackets_for_a_minus", of_main(coded("0.0;(0.0)")), **told)

    yield from each(
        "c30_growth_hidden",
        lambda: of_gdp(growth=first_only(coded(";;;")))(),
        ("CELL-HIDDEN", "D2"),
    )
    yield from each(
        "c31_level_hidden", lambda: of_gdp(first_only(coded(";;;")))(), ("CELL-HIDDEN", "C2")
    )
    yield from each(
        "c32_white_on_white",
        lambda: of_gdp(first_only(lambda c: replace(c, is_white=True)))(),
        ("CELL-HIDDEN", "C2"),
    )
    yield from each(
        "c33_hidden_in_a_hidden_row",
        lambda: of_gdp(growth=first_only(coded(";;;")), hidden_rows={1})(),
        ("CELL-HIDDEN", "D2"),
        ("ROW-HIDDEN", "C2"),
        formats=["xlsx"],
    )

    yield from each("c35_row_hidden", of_gdp(hidden_rows={1}), ("ROW-HIDDEN", "C2"))
    yield from each("c36_two_rows_hidden", of_gdp(hidden_rows={2, 3}), ("ROW-HIDDEN", "C3"))
    yield from each("c37_growth_column_hidden", of_gdp(hidden_columns={3}), ("COLUMN-HIDDEN", "D2"))
    yield from each("c38_level_column_hidden", of_gdp(hidden_columns={2}), ("COLUMN-HIDDEN", "C2"))

    def struck(cell: Cell) -> Cell:
        return replace(cell, is_struck=True)

    yield from each("c40_level_struck", lambda: of_gdp(first_only(struck))(), ("CELL-STRUCK", "C2"))
    yield from each("c41_growths_struck", of_gdp(growth=struck), ("CELL-STRUCK", "D2"))
    yield from each(
        "c42_struck_and_written_anew",
        lambda: of_gdp(first_only(lambda c: replace(c, struck="105.16")))(),
        ("CELL-STRUCK-PART", "C2"),
    )

    yield from each(
        "c45_raised_mark_at_a_level",
        lambda: of_gdp(first_only(lambda c: replace(c, mark="1")))(),
        ("CELL-MARK", "C2"),
    )
    yield from each(
        "c46_raised_mark_at_a_growth",
        lambda: of_gdp(growth=first_only(lambda c: replace(c, mark="2")))(),
        ("CELL-MARK", "D2"),
    )
    yield from each(
        "c47_raised_marks_down_a_column",
        of_gdp(lambda c: replace(c, mark="3")),
        ("CELL-MARK", "C2"),
    )

    def marked() -> Sheet:
        sheet = of_gdp()()
        sheet.rows[1][0] = Cell(gdp[0][1], mark="1")
        return sheet

    yield from each("c48_raised_mark_at_a_name", marked, ("CELL-MARK", "A2"))

    unit = (1, 1, 4, 1)
    yield from each("c50_unit_merged", lambda: with_unit_once(of_gdp()(), unit))
    yield from each(
        "c51_unit_merged_twice", lambda: with_unit_once(of_gdp()(), (1, 1, 2, 1), (3, 1, 4, 1))
    )
    alone = [
        {**r, "growth_reported_pct": r["growth_reported_pct"] if r["row"] == 2 else ""}
        for r in right
    ]
    yield from each(
        "c52_growth_merged",
        lambda: with_unit_once(of_gdp()(), (1, 3, 4, 3)),
        ("CELL-MERGED", "D2"),
        expected=alone,
    )
    yield from each(
        "c53_unit_and_growth_merged",
        lambda: with_unit_once(of_gdp()(), unit, (1, 3, 4, 3)),
        ("CELL-MERGED", "D2"),
        expected=alone,
    )

    for n, code in enumerate(('0.0"万"', "0.0%", ";;;", "0.0,", '"约"0.0'), start=55):
        yield from each(
            f"c{n}_format_by_condition",
            of_gdp(conditional=("D2:D5", code)),
            ("CELL-CONDITION", "D2"),
            formats=["xlsx"],
        )

    yield from each(
        "c60_digits_in_the_format",
        of_gdp(coded('0.00"00"')),
        ("CELL-FORMAT", "C2"),
        formats=["xlsx", "xls"],
    )
    yield from each(
        "c61_letters_in_the_format",
        of_gdp(coded("0.00 x")),
        ("CELL-FORMAT", "C2"),
        formats=["xlsx", "xls"],
    )
    yield from each(
        "c62_words_between_digits",
        of_gdp(coded('0"-"0.00')),
        ("CELL-FORMAT", "C2"),
        formats=["xlsx"],
    )
