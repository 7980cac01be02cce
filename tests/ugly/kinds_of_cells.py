"""Kinds of what only the cells of a workbook say: percent cells, number formats, marks, and cells that are not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.ugly.cell_files import Cell
from tests.ugly.kinds import (
    EVERYWHERE,
    GROWTH,
    LEVEL,
    LEVEL_HEAD,
    NAME,
    UNIT,
    WORKBOOKS,
    Variation,
    at,
    coded,
    marked,
)

KINDS = {
    "percent cells as stored": WORKBOOKS,
    "percent cells by a formula": WORKBOOKS,
    "percent cells under a wrong dimension": ("xlsx",),
    "percent cells of an .et": ("et",),
    "percent cells in strict OOXML": ("xlsx",),
    "percent cells in a workbook beyond 2 MB": WORKBOOKS,
    "a per cent sign that is a word of the format": WORKBOOKS,
    "formats by condition": WORKBOOKS,
    "formats of a rule": WORKBOOKS,
    "formats that scale": WORKBOOKS,
    "formats with a unit": WORKBOOKS,
    "formats with a direction": WORKBOOKS,
    "formats that hide or reword": WORKBOOKS,
    "formats of looks alone": WORKBOOKS,
    "circled marks": EVERYWHERE,
    "raised and lowered digits": EVERYWHERE,
    "asterisks and letters as marks": EVERYWHERE,
    "runs of text that are raised": WORKBOOKS,
    "merged value cells": WORKBOOKS,
    "hidden rows": WORKBOOKS,
    "hidden columns": WORKBOOKS,
    "figures struck through": WORKBOOKS,
    "figures that cannot be seen": WORKBOOKS,
    "unit cells that are merged": WORKBOOKS,
}
PERCENTS = ((0.036, "0.0%"), (0.036, "0.00%"), (0.036, "0.0%;[Red]-0.0%"), (0.036, '"+"0.0%'), (0.036, "#,##0.0%"))  # fmt: skip


def list_variations() -> Iterator[Variation]:
    """All of them."""
    yield from _percents()
    yield from _formats()
    yield from _marks()
    yield from _unseen()


def _percents() -> Iterator[Variation]:
    yield from coded("percent cells as stored", GROWTH, "same", *PERCENTS)
    yield from coded("percent cells of an .et", GROWTH, "same", *PERCENTS, formats=("et",))
    for value, code in PERCENTS:

        def percent(kind: str, value: float = value, code: str = code, **more: Any) -> Variation:
            formula = "1" if "formula" in kind else ""
            cells = {GROWTH: Cell(value, code, formula=formula)}
            return Variation(kind, code, "same", cells, **{"formats": WORKBOOKS, **more})

        yield percent("percent cells by a formula")
        yield percent(
            "percent cells under a wrong dimension", formats=("xlsx",), marks={"dimension": "A1"}
        )
        yield percent("percent cells in strict OOXML", formats=("xlsx",), is_strict=True)
        yield percent("percent cells in a workbook beyond 2 MB", is_big=True)
    word = "a per cent sign that is a word of the format"
    yield from coded(word, GROWTH, "same", (3.6, '0.0"%"'), (3.6, '0.0" %"'), (3.6, '0.00"%"'), (3.6, '0.0"％"'), (3.6, '0.0#"%"'))  # fmt: skip
    yield from coded(word, GROWTH, "same", (3.6, "0.0\\%"), formats=("xlsx", "xls"))
    condition = "formats by condition"
    yield from coded(condition, GROWTH, "same", (0.036, "0.0%;-0.0%"), (0.036, "0.00%;-0.00%;0"), (3.6, '0.0"%";-0.0"%"'), (3.6, '0.0"%";-0.0"%";"—"'), (3.6, "0.0;-0.0;0"))  # fmt: skip
    ruled = "formats of a rule"
    for value, code, right in (
        (3.6, "0.0", "same"),
        (3.6, "0.00", "same"),
        (0.036, "0.0%", "ask"),
        (3.6, '0.0"%"', "ask"),
        (3.6, ";;;", "ask"),
        (3.6, '0.0"万元"', "ask"),
    ):
        rule = {"conditional": ("D3:D3", code)}
        yield Variation(ruled, f"{value} {code}", right, {GROWTH: Cell(value)}, formats=WORKBOOKS, marks=rule)  # fmt: skip


def _formats() -> Iterator[Variation]:
    yield from coded("formats that scale", LEVEL, "same", (41820, "0.00,"), (41820000, "#,##0.00,,"), (41820, "#,##0.00,"), (41820000, "0.00,,"), (41820, '0.00,"亿元"'))  # fmt: skip
    yield from coded("formats that scale", LEVEL, "same", (418200, "0!.0000"), (418200, '0"."0000'), formats=("xlsx", "xls"))  # fmt: skip
    unit = "formats with a unit"
    yield from coded(unit, LEVEL, "ask", (41.82, '0.00"万元"'), (41.82, '0.00"元"'), (41.82, '0.00"万"'), (41.82, '"US$"0.00'), (41.82, '0.00"吨"'), (41.82, '0.00\\万'))  # fmt: skip
    yield from coded(unit, LEVEL, "same", (41.82, '0.00"亿元"'), (41.82, '"¥"0.00'))
    down = ("4182000000", "-3.6")
    way = "formats with a direction"
    yield from coded(way, GROWTH, down, (3.6, '"下降"0.0'), (3.6, '"↓"0.0'), (3.6, '"下降"0.0"%"'), (3.6, '"-"0.0'))  # fmt: skip
    yield from coded(way, GROWTH, "same", (3.6, '"增长"0.0'), (3.6, '"↑"0.0'))
    yield from coded(way, LEVEL, "ask", (41.82, '"下降"0.00'), (41.82, '"增长"0.00'))
    hide = "formats that hide or reword"
    yield from coded(hide, LEVEL, "ask", (41.82, ";;;"), (41.82, '0.00"（预计）"'), (41.82, '"约"0.00"（计划）"'))  # fmt: skip
    yield from coded(hide, GROWTH, "ask", (3.6, ";;;"), (3.6, '"持平"'), (3.6, '0.0"个百分点"'), (3.6, '"—"'))  # fmt: skip
    yield from coded("formats of looks alone", LEVEL, "same", (41.82, "[红色]0.00"), (41.82, "0.00_)"), (41.82, "0.00_ "), (41.82, "#,##0.00_);(#,##0.00)"), (41.82, "0.00;[Red]-0.00"), (41.82, "#,##0.00_ ;-#,##0.00 "))  # fmt: skip


def _marks() -> Iterator[Variation]:
    circled, raised, letters = (
        "circled marks",
        "raised and lowered digits",
        "asterisks and letters as marks",
    )
    yield from at(circled, LEVEL, "same", "41.82①", "41.82②", "①41.82", "41.82❶", "41.82⑴", "41.82 ③")  # fmt: skip
    yield from at(circled, GROWTH, "same", "3.6②", "3.6%①", "3.6⓵")
    yield from at(circled, LEVEL, "ask", "4①.82", "①", "㊶.82", "①.82")
    yield from at(
        raised, LEVEL, "same", "41.82¹", "41.82²", "41.82₁", "41.82¹²", "41.82⁽¹⁾", "41.82ᵃ"
    )
    yield from at(raised, GROWTH, "same", "3.6¹", "3.6%²")
    yield from at(raised, LEVEL, "ask", "41.82×10⁸", "4¹1.82")
    yield from at(raised, LEVEL, ("4100000000", "3.6"), "41²")
    yield from at(letters, LEVEL, "same", "41.82*", "41.82**", "41.82(p)", "41.82[1]", "41.82注1", "41.82（快报）", "41.82†")  # fmt: skip
    yield from at(letters, GROWTH, "same", "3.6†", "3.6*", "3.6(p)")
    yield from at(letters, LEVEL, "ask", "41.82（预计）", "41.82(x)", "41.82d")
    runs = "runs of text that are raised"
    for mark in ("1", "2", "①", "*", "a", "[1]"):
        yield marked(runs, "same", f"{mark} behind the level", {LEVEL: Cell("41.82", mark=mark)})
    yield marked(runs, "same", "1 behind the growth", {GROWTH: Cell("3.6", mark="1")})
    yield marked(
        runs, "same", "1 behind the name", {NAME: Cell("社会消费品零售总额", mark="1")}
    )  # fmt: skip
    yield marked(runs, "ask", "level raised as a whole", {LEVEL: Cell(41.82, is_raised=True)})


def _unseen() -> Iterator[Variation]:
    merged = "merged value cells"
    yield marked(merged, "ask", "levels", {(3, 2): None}, "C3", merged=[(2, 2, 3, 2)])
    yield marked(merged, "ask", "growths", {(3, 3): None}, "D3", merged=[(2, 3, 3, 3)])
    yield marked(merged, "ask", "all growths", {(2, 3): None, (3, 3): None}, "D2", merged=[(1, 3, 3, 3)])  # fmt: skip
    yield marked(merged, "ask", "level and growth", {GROWTH: None}, "C3", merged=[(2, 2, 2, 3)])
    yield marked(merged, "ask", "levels and growths", {(2, 3): None, (3, 2): None, (3, 3): None}, "C3", merged=[(2, 2, 3, 3)])  # fmt: skip

    rows = "hidden rows"
    for row in (1, 2, 3):
        yield marked(rows, "ask", f"row {row}", where=f"[A-Z]{row + 1}", hidden_rows={row})
    yield marked(rows, "ask", "rows 2 and 3", where="[A-Z][34]", hidden_rows={2, 3})
    yield marked(rows, "ask", "too low", where="[A-Z]3", heights={2: 3})
    yield marked(rows, "ask", "of headings", where="[A-Z]1", hidden_rows={0})
    columns = "hidden columns"
    for column, what in enumerate(("of names", "of units", "of levels", "of growths")):
        where = f"{'ABCD'[column]}[0-9]"
        yield marked(columns, "ask", what, where=where, hidden_columns={column})
    yield marked(columns, "ask", "of levels and growths", where="[CD][0-9]", hidden_columns={2, 3})

    struck = "figures struck through"
    yield marked(struck, "ask", "a level", {LEVEL: Cell(41.82, is_struck=True)})
    yield marked(struck, "ask", "a growth", {GROWTH: Cell(3.6, is_struck=True)})
    yield marked(struck, "ask", "a heading", {LEVEL_HEAD: Cell("本年累计", is_struck=True)})
    yield marked(struck, "ask", "a name", {NAME: Cell("社会消费品零售总额", is_struck=True)})
    yield marked(struck, "ask", "a unit", {UNIT: Cell("亿元", is_struck=True)})
    yield marked(
        struck,
        "ask",
        "both figures",
        {LEVEL: Cell(41.82, is_struck=True), GROWTH: Cell(3.6, is_struck=True)},
    )

    unseen = "figures that cannot be seen"
    yield marked(unseen, "ask", "growth white on white", {GROWTH: Cell(3.6, is_white=True)})
    yield marked(unseen, "ask", "level white on white", {LEVEL: Cell(41.82, is_white=True)})
    yield marked(unseen, "ask", "digit in white", {LEVEL: Cell("41.8", unseen="2")})
    yield marked(unseen, "ask", "name in white", {NAME: Cell("社零", unseen="（限上）")})
    yield marked(unseen, "ask", "bar alone", where="C[2-4]", drawn=("C2:C4", "dataBar"))
    yield marked(unseen, "ask", "icon alone", where="D[2-4]", drawn=("D2:D4", "iconSet"))

    units = "unit cells that are merged"
    yield marked(units, "same", "the two levels", {(3, 1): None}, merged=[(2, 1, 3, 1)])
    yield marked(units, "same", "all lines", {(1, 1): "亿元", (2, 1): None, (3, 1): None}, merged=[(1, 1, 3, 1)])  # fmt: skip
    yield marked(units, "same", "with the unit spelt otherwise", {UNIT: "億元", (3, 1): None}, merged=[(2, 1, 3, 1)])  # fmt: skip
    yield marked(units, "same", "and their notes", {(3, 1): None, (3, 4): None, (2, 4): "快报数"}, merged=[(2, 1, 3, 1), (2, 4, 3, 4)])  # fmt: skip
    yield marked(units, "same", "and a title over all columns", {(3, 1): None}, merged=[(2, 1, 3, 1), (0, 4, 0, 4)])  # fmt: skip
    yield marked(units, "ask", "in 万元 beside 亿元 in the heading", {(3, 1): None, UNIT: "万元", LEVEL_HEAD: "本年累计（亿元）"}, "[A-C][1-4]", merged=[(2, 1, 3, 1)])  # fmt: skip
