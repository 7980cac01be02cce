"""Units that are stated in several places: where they disagree the figure is held or asked about, and both are named.

Every ordinary way to write a unit draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from flows.model.submission import Reading
from flows.model.unit import find_unit
from flows.read.understood import say_understood

pytestmark = pytest.mark.sampled
Judge = Callable[..., Any]
HEAD = "指标名称,计量单位,本年累计,同比增长（%）,备注\n"
RETAIL = "社会消费品零售总额,亿元,41.82,3.6,\n"
ROWS = RETAIL + "固定资产投资,亿元,37.66,6.6,\n"
BARE = "指标名称,本年累计,同比增长（%）\n社会消费品零售总额,41.82,3.6\n固定资产投资,37.66,6.6\n"
LEVELS = {"retail_sales": 4182000000, "fixed_asset_investment": 3766000000}


def levels_of(judged: Any) -> dict[str, Decimal]:
    return {row["indicator"]: row["value"] for row in judged.accepted}


def findings_of(judged: Any) -> list[Any]:
    return [f for f in judged.broken() if f.severity != "note" and f.code != "LINE-MISSING"]


@pytest.mark.parametrize(
    ("file", "cells", "units"),
    [
        (HEAD.replace("本年累计", "本年累计（万元）") + ROWS, ["B2", "B3"], "亿元 万元"),
        (HEAD.replace("本年累计", "本年累计（数据为万元）") + ROWS, ["B2", "B3"], "亿元 万元"),
        (HEAD.replace("本年累计", "完成情况（%）") + ROWS, ["B2", "B3"], "亿元 %"),
        ("单位：万元,,,,\n" + HEAD + ROWS, ["B3", "B4"], "亿元 万元"),
        ("单位：万美元,,,,\n" + HEAD + ROWS, ["B3", "B4"], "亿元 万美元"),
        (HEAD.replace("本年累计", "本年累计（万美元）") + ROWS, ["B2", "B3"], "亿元 万美元"),
        ("2022年1-9月主要经济指标（单位：万元）,,,,\n" + HEAD + ROWS, ["B3", "B4"], "亿元 万元"),
        ("2022年1-9月主要经济指标 单位 万元,,,,\n" + HEAD + ROWS, ["B3", "B4"], "亿元 万元"),
        (HEAD + ROWS.replace("零售总额", "零售总额_累计值(万元)"), ["A2"], "万元 亿元"),
        (HEAD + ROWS.replace("零售总额", "零售总额(亿美元)"), ["A2"], "亿美元 亿元"),
        (HEAD + ROWS.replace("零售总额", "零售总额%"), ["A2"], "% 亿元"),
        (HEAD + ROWS.replace("3.6,", "3.6,单位：万元"), ["E2"], "万元 亿元"),
        (HEAD + ROWS.replace("3.6,", "3.6,以万元计"), ["E2"], "万元 亿元"),
    ],
)
def test_a_figure_with_two_units_is_held_and_both_are_named(
    judge_file: Judge, file: str, cells: list[str], units: str
) -> None:
    judged = judge_file("main_indicators", file)
    found = judged.broken("UNIT-CONFLICT")
    assert [(f.cell, f.severity) for f in found] == [(cell, "quarantine") for cell in cells]
    for unit in units.split():
        assert all(unit in f.message_zh and unit in f.message_en for f in found)
    assert len(judged.held) == len(cells)


@pytest.mark.parametrize(
    ("above", "below", "cell", "severity"),
    [
        ("", "注：以上数据均为万元", "A4", "reject"),
        ("", "注：本表数据以“万元”计", "A4", "reject"),
        ("", "注：表中金额均以万元为单位", "A4", "reject"),
        ("", "说明：本表单位统一为千元", "A4", "reject"),
        ("", "注：按万元计算", "A4", "reject"),
        ("2022年1-9月主要经济指标（万元）", "", "A1", "reject"),
        ("按美元计价", "", "A1", "query"),
    ],
)
def test_a_text_that_states_another_unit_than_the_table_is_a_conflict(
    judge_file: Judge, above: str, below: str, cell: str, severity: str
) -> None:
    lines = [f"{above},,,,\n" if above else "", HEAD, ROWS, f"{below},,,,\n" if below else ""]
    finding = judge_file("main_indicators", "".join(lines)).only("UNIT-CONFLICT")
    assert (finding.cell, finding.severity) == (cell, severity)
    assert "亿元" in finding.message_zh


@pytest.mark.parametrize(
    ("name", "is_conflict"),
    [
        ("万元", True),
        ("GDP_万元", True),
        ("指标（万元）", True),
        ("亿元", False),
        ("万元以上项目", False),
    ],
)
def test_a_sheet_named_after_a_unit_states_it(
    judge_file: Judge, name: str, is_conflict: bool
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for line in (HEAD + ROWS).splitlines():
        sheet.append([float(c) if c[:1].isdigit() else c or None for c in line.split(",")])
    book.save(content := BytesIO())
    judged = judge_file("main_indicators", content.getvalue(), name="main_indicators.xlsx")
    assert (judged.status == "rejected") is is_conflict
    assert [f.code for f in findings_of(judged) if f.code.startswith("UNIT")] == (
        ["UNIT-CONFLICT"] * is_conflict
    )


def test_a_unit_line_without_a_colon_is_compared_with_the_heading(judge_file: Judge) -> None:
    file = "2022年1-9月主要经济指标 单位 万元,,\n" + BARE.replace("累计", "累计（亿元）")
    finding = judge_file("main_indicators", file).only("UNIT-LINE")
    assert (finding.cell, finding.severity) == ("A1", "query")


@pytest.mark.parametrize("unit", ["元/月", "元/人·月", "元/吨"])
def test_a_ratio_is_another_measure_than_its_unit(judge_file: Judge, unit: str) -> None:
    file = f"指标名称,计量单位,本年累计\n城镇常住居民人均可支配收入,{unit},30000\n"
    judged = judge_file("income", file)
    assert judged.only("UNIT-UNKNOWN").cell == "B2"
    assert not judged.accepted


@pytest.mark.parametrize(
    "file",
    [
        HEAD + ROWS.replace("亿元", "亿"),
        HEAD + ROWS.replace("亿元", "亿元人民币"),
        HEAD + ROWS.replace("亿元", "亿元*"),
        HEAD + ROWS.replace("亿元", "亿元（现价）"),
        HEAD.replace("本年累计", "本年累计（亿元、%）") + ROWS,
        "单位：亿元（现价）,,\n" + BARE,
        "金额单位：亿元（除注明外）,,\n" + BARE,
        "单位：万元（除另有注明外）,,,,\n" + HEAD + ROWS,
        "单位：亿元、万元、%,,,,\n" + HEAD + ROWS,
        "单位：万人,,,,\n" + HEAD + ROWS,
        "单位：万美元、亿元,,,,\n" + HEAD + ROWS,
        "主要指标（亿元）,,,,\n" + HEAD + ROWS,
        "责任单位 统计局,,,,\n" + HEAD + ROWS,
        HEAD + ROWS + "注：固定资产投资统计起点为500万元,,,,\n",
        HEAD + ROWS + "注：限额以上单位为年主营业务收入500万元以上的零售业,,,,\n",
        HEAD + ROWS + "注：进出口按美元计价,,,,\n",
        HEAD + ROWS + "填报单位：人民医院 单位负责人：张三,,,,\n",
        HEAD + ROWS.replace("3.6,", "3.6,其中限额以上为12000万元"),
        HEAD + ROWS.replace("零售总额", "零售总额（亿元）"),
    ],
)
def test_ordinary_ways_to_write_a_unit_draw_nothing(judge_file: Judge, file: str) -> None:
    judged = judge_file("main_indicators", file)
    assert (findings_of(judged), levels_of(judged)) == ([], LEVELS)
    assert {row["unit_reported"] for row in judged.accepted} == {"亿元"}, "as the reference says it"


def test_a_row_in_another_unit_beside_rows_in_that_of_the_unit_line_is_meant_so(
    judge_file: Judge,
) -> None:
    file = "单位：亿元,,,,\n" + HEAD + RETAIL + "固定资产投资,万元,376600,6.6,\n"
    judged = judge_file("main_indicators", file)
    assert (findings_of(judged), levels_of(judged)) == ([], LEVELS)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("亿", "亿元"), ("亿元人民币", "亿元"), ("亿元*", "亿元"), ("亿元（现价）", "亿元"), ("元/人", "元"), ("亿元/%", "亿元"),
        ("元/月", None), ("元/人·月", None), ("元/吨", None), ("吨/年", None), ("元/平方米", None),
    ],
)  # fmt: skip
def test_a_unit_with_something_beside_it(text: str, unit: str | None) -> None:
    assert find_unit(text) == unit


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("社会消费品零售总额", "见计量单位栏", "in the unit column"),
        ("社会消费品零售总额(亿美元)", "见计量单位栏", "in the unit column"),
    ],
)
def test_what_says_the_units_is_told_in_both_languages(
    judge_file: Judge, name: str, zh: str, en: str
) -> None:
    judged = judge_file("main_indicators", HEAD + RETAIL.replace("社会消费品零售总额", name))
    said = say_understood(Reading.open(judged.folder).blocks[0])
    assert f"单位 {zh}" in said[0] and f"unit {en}" in said[1]


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("亿元、当季", "LINE-MEANING"),
        ("亿元/上年同期", "LINE-MEANING"),
        ("亿元;2021年", "LINE-MEANING"),
        ("亿元、万元", "UNIT-CONFLICT"),
        ("亿元、预计", "LINE-MEANING"),
        ("亿元、魑魅", "LINE-WORDS"),
        ("亿元、%", None),
        ("亿元/%", None),
        ("亿元，%", None),
    ],
)
def test_no_word_beside_a_unit_is_read_over(judge_file: Judge, unit: str, code: str | None) -> None:
    row = f'社会消费品零售总额,"{unit}",41.82,3.6,\n'
    judged = judge_file("main_indicators", HEAD + row + "固定资产投资,亿元,37.66,6.6,\n")
    raised = [(f.code, f.cell) for f in judged.broken() if f.severity not in ("note",)]
    assert [found for found in raised if found[1] == "B2"] == ([(code, "B2")] if code else [])
