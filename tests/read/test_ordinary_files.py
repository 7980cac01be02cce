"""Tables as offices and publishers print them: the figures are right, and nobody is asked anything.

Each is a text file here, and a workbook that LibreOffice saves in every format in `make torture`.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from flows.forms.catalogue import load_catalogue
from tests.judging import Judged, judge_files
from tests.office import HAS_CALC, convert

Rows = list[list[str]]
Figures = dict[str, tuple[str | None, str | None]]  # in the base unit, and growth

GDP: Figures = {
    "gdp": ("10792000000", "3.4"),
    "va_primary": ("141000000", "4.1"),
    "va_secondary": ("3912000000", "2.7"),
    "va_tertiary": ("6739000000", "3.8"),
}
MAIN: Figures = {
    "industry_va": (None, "-2"),
    "retail_sales": ("4182000000", "3.6"),
    "fixed_asset_investment": ("3766000000", "6.6"),
}
INCOME: Figures = {"income_urban": ("30000", "5"), "income_rural": ("16000", "6.5")}
LINES = [
    line.split()
    for line in (
        "地区生产总值 亿元 107.92 3.4",
        "第一产业增加值 亿元 1.41 4.1",
        "第二产业增加值 亿元 39.12 2.7",
        "第三产业增加值 亿元 67.39 3.8",
    )
]
HEADS = ["指标名称", "计量单位", "本年累计", "同比增长（%）"]
PLAN = ["地区生产总值增长", "规模以上工业增加值增长", "社会消费品零售总额增长", "固定资产投资增长"]


def beside(head: str, *cells: str) -> Rows:
    """The table of GDP with one more column behind."""
    return [[*HEADS, head], *([*line, cell] for line, cell in zip(LINES, cells, strict=True))]


ORDINARY: dict[str, tuple[str, Figures, Rows]] = {
    "the nation's release": ("gdp", GDP, [
        ["表1 2022年3季度和前三季度GDP初步核算数据"], ["", "绝对额（亿元）", "", "比上年同期增长（%）", ""], ["", "3季度", "前三季度", "3季度", "前三季度"],
        ["GDP", "37.00", "107.92", "3.9", "3.4"], ["第一产业", "0.90", "1.41", "4.4", "4.1"], ["第二产业", "13.10", "39.12", "2.2", "2.7"],
        ["第三产业", "23.00", "67.39", "4.2", "3.8"], ["注：1.绝对额按现价计算，增长速度按不变价计算；"],
    ]),
    "a monthly report": ("main_indicators", MAIN, [
        ["2022年9月主要经济指标月报"], ["指标", "计量单位", "9月", "", "1-9月", ""], ["", "", "绝对量", "同比增长（%）", "绝对量", "同比增长（%）"],
        ["规模以上工业增加值", "—", "—", "-1.0", "—", "-2.0"], ["社会消费品零售总额", "亿元", "4.90", "3.1", "41.82", "3.6"],
        ["固定资产投资", "亿元", "5.20", "5.1", "37.66", "6.6"],
    ]),
    "累计 behind the name": ("main_indicators", MAIN, [
        ["指标名称", "计量单位", "数值", "同比增长（%）"], ["规模以上工业增加值", "", "", "-2.0"], ["社会消费品零售总额 累计", "亿元", "41.82", "3.6"],
        ["累计固定资产投资", "亿元", "37.66", "6.6"],
    ]),
    "units behind a stroke": ("main_indicators", MAIN, [
        ["指标名称", "本年累计", "同比增长，%"], ["规模以上工业增加值", "", "-2.0"], ["社会消费品零售总额/亿元", "41.82", "3.6"], ["固定资产投资  万元", "376600", "6.6"],
    ]),
    "units in headings behind a stroke": ("gdp", GDP, [["指标名称", "本年累计/亿元", "同比/%"], *([n, v, g] for n, _, v, g in LINES)]),
    "growth in rows of its own": ("main_indicators", MAIN, [
        ["指标名称", "计量单位", "本年累计"], ["规模以上工业增加值增速", "%", "-2.0"], ["社会消费品零售总额", "亿元", "41.82"], ["  同比增长", "%", "3.6"],
        ["固定资产投资", "亿元", "37.66"], ["固定资产投资增速", "%", "6.6"],
    ]),
    "months in names": ("main_indicators", MAIN, [
        HEADS, ["1-9月规模以上工业增加值", "", "", "-2.0"], ["1-9月社会消费品零售总额", "亿元", "41.82", "3.6"], ["1-9月固定资产投资", "亿元", "37.66", "6.6"],
    ]),
    "nominal and real growth": ("income", INCOME, [
        ["指标", "绝对量（元）", "名义增长（%）", "实际增长（%）"], ["城镇常住居民人均可支配收入", "30000", "5.0", "3.1"], ["农村常住居民人均可支配收入", "16000", "6.5", "4.7"],
    ]),
    "同比名义增长": ("income", INCOME, [
        ["指标名称", "单位", "绝对值", "同比名义增长（%）"], ["城镇居民人均可支配收入", "元/人", "30,000", "5.0"], ["农牧民人均可支配收入", "元/人", "16,000", "6.5"],
    ]),
    "price indices": ("prices", {"cpi": ("100.2", None), "ppi": ("97", None), "ppi_purchase": ("96.4", None)}, [
        ["指标名称", "计量单位", "本年累计"], ["居民消费价格指数（上年同期=100）", "%", "100.2"], ["工业生产者出厂价格指数（上年同期=100）", "%", "97.0"],
        ["工业生产者购进价格指数", "%", "96.4"],
    ]),
    "of the ministry": ("gdp", GDP, [
        ["", "", "地区生产总值", "", ""], ["表    号：A301表", "", "", "", ""], ["综合机关名称：通辽经济技术开发区统计局", "", "2022年3季", "", ""],
        ["指标名称", "计量单位", "代码", "本年累计", "同比增长（%）"], ["甲", "乙", "丙", "1", "2"],
        *([n, u, f"0{at}", v, g] for at, (n, u, v, g) in enumerate(LINES, start=1)),
        ["单位负责人：李四", "", "统计负责人：王五", "填表人：张三", "报出日期：2022年10月12日"],
    ]),
    "persons and offices": ("gdp", GDP, [[*HEADS, "责任单位", "填报人", "联系电话"], *([*line, "统计局", "张三", "8211234"] for line in LINES)]),
    "sources": ("gdp", GDP, beside("数据来源", "市统计局", "农牧局", "工信局", "商务局")),
    "ranks": ("gdp", GDP, beside("全市排名", "3", "8", "4", "2")),
    "a column of the quarter": ("gdp", GDP, [["报告期", *HEADS], *(["2022年三季度", *line] for line in LINES)]),
    "parts behind a dash": ("gdp", GDP, [HEADS, LINES[0], *([f"—{n}", u, v, g] for n, u, v, g in LINES[1:])]),
    "the budget's own columns": ("budget", {"budget_revenue": ("650000000", "-3.2")}, [
        ["2022年1-9月财政收支情况表"], ["编制单位：通辽经济技术开发区财政局", "", "", "", "单位：万元"], ["项目", "年初预算", "累计完成", "占预算%", "比上年同期增减%"],
        ["一般公共预算收入", "90,000", "65,000", "72.2", "-3.2"],
    ]),
    "in English": ("main_indicators", MAIN, [
        ["Main Economic Indicators, January-September 2022"], ["Item", "Unit", "Jan.-Sept.", "Increase over the same period last year (%)"],
        ["VALUE ADDED OF INDUSTRY ABOVE DESIGNATED SIZE", "-", "-", "-2.0"], ["total retail sales of consumer goods", "RMB 100 million", "41.82", "3.6"],
        ["Fixed Asset Investment", "RMB 100 million", "37.66", "6.6"],
    ]),
    "letters for units": ("energy", {
        "electricity_used": ("1250000000", "6"), "coal_used": ("400000", "2"), "energy_used": ("300000", "3"), "energy_intensity_change": ("-2.1", None),
    }, [
        HEADS, ["全社会用电量", "亿kWh", "12.50", "6.0"], ["原煤消费量", "万t", "40", "2.0"], ["能源消费总量", "万tce", "30", "3.0"],
        ["万元地区生产总值能耗升降率", "%", "-2.1", ""],
    ]),
}  # fmt: skip


def check(judged: Judged, right: Figures, name: str) -> None:
    asked = [(f.code, f.cell, f.message_en) for f in judged.broken() if f.severity != "note"]
    assert asked == [], name
    read = {row["indicator"]: (row["value"], row["growth_reported_pct"]) for row in judged.accepted}
    expected = {k: tuple(v and Decimal(v) for v in pair) for k, pair in right.items()}
    assert read == expected, name


def judge_all(files: dict[str, bytes], ext: str, folder: Path) -> None:
    """Each file of its form, those of a form in one pass."""
    for code in sorted({form for form, *_ in ORDINARY.values()}):
        names = [name for name, (form, *_) in ORDINARY.items() if form == code]
        sent: list[tuple[str, bytes | str | Path, str, str]] = [
            (f"{n}/{code}.{ext}", files[name], "2022Q3", "150571") for n, name in enumerate(names)
        ]
        judged = judge_files(load_catalogue()[code], sent, folder)
        for name, one in zip(names, judged, strict=True):
            check(one, ORDINARY[name][1], name)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_an_ordinary_text_file_draws_no_question(tmp_path: Path, encoding: str) -> None:
    files = {}
    for name, (_, _, rows) in ORDINARY.items():
        stream = io.StringIO()
        csv.writer(stream).writerows(rows)
        files[name] = stream.getvalue().encode(encoding)
    judge_all(files, "csv", tmp_path)


@pytest.mark.torture
@pytest.mark.skipif(not HAS_CALC, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls:MS Excel 97"])
def test_an_ordinary_workbook_draws_no_question(tmp_path: Path, kind: str) -> None:
    files = {}
    for at, (name, (_, _, rows)) in enumerate(ORDINARY.items()):
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.save(tmp_path / f"{at}.xlsx")
        files[name] = convert(tmp_path / f"{at}.xlsx", kind, tmp_path).read_bytes()
    judge_all(files, kind.partition(":")[0], tmp_path)


@pytest.mark.parametrize(
    ("unit", "points"), [("百分点", True), ("%", False), ("—", False), ("亿元", False)]
)
def test_a_unit_of_points_is_of_the_growth(tmp_path: Path, unit: str, points: bool) -> None:
    rows = f"{','.join(HEADS)}\n规模以上工业增加值,{unit},—,-2.0\n社会消费品零售总额,亿元,41.82,3.6\n固定资产投资,亿元,37.66,6.6\n"
    form = load_catalogue()["main_indicators"]
    [judged] = judge_files(form, [("1/main_indicators.csv", rows, "2022Q3", "150571")], tmp_path)
    asked = [(f.code, f.cell) for f in judged.broken() if f.severity != "note"]
    assert asked == ([("GROWTH-POINTS", "D2")] if points else [])
    [industry] = [row for row in judged.accepted if row["indicator"] == "industry_va"]
    assert industry["growth_reported_pct"] == (None if points else Decimal(-2))


def test_targets_in_per_cent_alone_load(tmp_path: Path) -> None:
    rows = "2022年主要预期目标,,\n指标名称,单位,2022年目标\n" + "".join(
        f"{name},%,{n}\n" for n, name in enumerate(PLAN, start=5)
    )
    form = load_catalogue()["plan_targets"]
    [judged] = judge_files(form, [("1/plan_targets.csv", rows, "2022Q1", "150571")], tmp_path)
    assert {f.code for f in judged.broken() if f.severity != "note"} <= {"LINE-MISSING", "LINE-LEVEL"}  # fmt: skip
    assert sorted(row["growth_reported_pct"] for row in judged.accepted) == [5, 6, 7, 8]
