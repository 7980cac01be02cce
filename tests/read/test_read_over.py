"""Spans and words that stand in plain sight and once were read over: each refuses, holds or asks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.sampled
HEAD = ("指标名称", "计量单位", "本年累计", "同比增长（%）")
ROWS = (
    ("规模以上工业增加值", "", "—", "-2.0"),
    ("社会消费品零售总额", "亿元", "41.82", "3.6"),
    ("固定资产投资", "亿元", "37.66", "6.6"),
)
Judge = Callable[..., Any]


def sent(*rows: tuple[str, ...]) -> str:
    return "".join(",".join(f'"{c}"' if "," in c else c for c in row) + "\n" for row in rows)


def titled(title: str) -> str:
    return sent((title, "", "", ""), HEAD, *ROWS)


def grades(judged: Any) -> set[str]:
    """The grades of what was found, notes left away."""
    return {str(f.severity) for f in judged.broken()} - {"note"}


def assert_clean(judged: Any) -> None:
    assert [(f.code, f.cell) for f in judged.broken() if f.severity != "note"] == []
    values = {row["indicator"]: row["value"] for row in judged.accepted}
    assert values["retail_sales"] == Decimal(4182000000)


@pytest.mark.parametrize(
    "span",
    [
        "21年1-9月", "2022年1-8", "2022.1-8", "去年1-9月", "上年前三季度", "前年1-9月", "2022年中期", "2O21年1-9月", "2022年半年度", "中报", "'21年前三季度",
        "2022年6", "2022M8", "08/2022", "民国110年1-9月", "21年度", "First three quarters of 2021: ", "as of August 2022 ",
    ],
)  # fmt: skip
def test_another_span_however_written_is_refused(judge_file: Judge, span: str) -> None:
    judged = judge_file("main_indicators", titled(f"{span}主要经济指标"))
    assert judged.status == "rejected"
    assert {(f.code, f.cell) for f in judged.broken()} <= {
        ("FILE-SPAN", "A1"),
        ("FILE-PERIOD", "A1"),
    }


@pytest.mark.parametrize("span", ["2022财年", "2022年夏季", "二季", "H1 ", "21年"])
def test_a_span_that_is_not_understood_is_asked_about(judge_file: Judge, span: str) -> None:
    judged = judge_file("main_indicators", titled(f"{span}主要经济指标"))
    assert [(f.code, f.cell) for f in judged.broken()] == [("WORDS-UNKNOWN", "A1")]


@pytest.mark.parametrize(
    "title",
    [
        "22年1-9月主要经济指标", "2022.1-9主要经济指标", "2022年1-9主要经济指标", "First three quarters of 2022", "as of September 2022", "22年前三季度", "表H1",
        "民国111年1-9月", "2022年3个项目", "改革开放40年", "2022年四大指标", "2022年春季学期",
    ],
)  # fmt: skip
def test_the_span_that_is_asked_for_may_be_written_so_too(judge_file: Judge, title: str) -> None:
    assert_clean(judge_file("main_indicators", titled(title)))


@pytest.mark.parametrize(
    ("title", "grade"),
    [
        ("2022年1-9月主要经济指标计划表", "query"), ("2022年主要经济指标目标任务", "query"), ("全市2022年1-9月主要经济指标", "query"),
        ("Main indicators, Jan-Sep 2022, forecast", "reject"), ("Main indicators, Jan-Sep 2022, constant prices", "reject"),
        ("2022年1-9月主要经济指标完成率", "query"), ("2022年1-9月限额以上主要经济指标", "query"), ("2022年1-9月主要经济指标——本季度", "query"),
        ("2022年三季度末较年初主要经济指标", "reject"), ("2022年1-9月主要经济指标月均", "query"), ("2022年1-9月主要经济指标增减额", "query"),
        ("2022年1-9月主要经济指标剔除价格因素", "reject"), ("2022年1-9月主要经济指标预估", "reject"), ("2022年1-9月主要经济指标不含高新区", "query"),
        ("2022年1-9月主要经济指标指数", "query"), ("2022年1-9月税收收入情况", "query"), ("上年主要经济指标", "query"),
        ("2022年1-9月主要经济指标（上年同期）。", "reject"), ("备注：以下均为预计数", "query"),
        ("本表根据各部门报送的资料整理汇总，反映开发区主要经济指标的完成情况，数据按2020年不变价格计算，供有关部门和各级领导参考使用，未经许可不得转载引用", "query"),
    ],
)  # fmt: skip
def test_words_outside_brackets_count(judge_file: Judge, title: str, grade: str) -> None:
    judged = judge_file("main_indicators", titled(title))
    assert {(f.code, f.cell, str(f.severity)) for f in judged.broken()} == {
        ("HEADING-MEANING", "A1", grade)
    }


@pytest.mark.parametrize(
    "title",
    [
        "2022年1-9月主要经济指标完成情况",
        "2022年1-9月主要经济指标与上年同期对比表",
        "填报单位：发展计划局",
        "目标考核办公室",
        "规模以上工业增加值等主要经济指标",
        "全区主要经济指标",
        "2022年1-9月主要经济指标增长情况",
    ],
)
def test_words_of_ordinary_titles_draw_nothing(judge_file: Judge, title: str) -> None:
    assert_clean(judge_file("main_indicators", titled(title)))


NOTES = {
    "注：数据为1-8月": "FILE-SPAN",
    "数据时间：2021年1-9月": "FILE-SPAN",
    "（以下为1-8月数据）": "FILE-SPAN",
    "2021年1-9月": "FILE-SPAN",
    "注：以上为预计数": "HEADING-MEANING",
    "注：社零为限上口径": "HEADING-MEANING",
    "注：增速为两年平均": "HEADING-MEANING",
    "上年同期": "HEADING-MEANING",
    "预计数：": "HEADING-MEANING",
    "注：社零不含高新区": "HEADING-MEANING",
}


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("at", [1, len(ROWS)])
def test_a_note_that_says_what_the_figures_are_counts(
    judge_file: Judge, note: str, at: int
) -> None:
    rows = [HEAD, *ROWS]
    rows.insert(at + 1, (note, "", "", ""))
    judged = judge_file("main_indicators", sent(*rows))
    asked = [(f.code, f.cell, str(f.severity)) for f in judged.broken()]
    assert asked == [(NOTES[note], f"A{at + 2}", "query")]


@pytest.mark.parametrize(
    "note",
    [
        "注：增速按可比价计算", "注：绝对额按现价计算，增长速度按不变价计算。", "注：规模以上工业增加值增速按可比价格计算，固定资产投资不含农户。",
        "说明：规模以上工业指年主营业务收入2000万元及以上的工业法人单位。", "注：上年同期数据已根据第四次经济普查结果修订", "注：2021年数据为最终核实数",
        "报出日期：2022年10月12日", "填表人：张三", "注：本表数据为2022年1-9月累计数", "注：固定资产投资按项目属地统计", "注：下月15日预计公布",
        "备注：较上年同期增长的主要原因是去年基数较低", "注：2022年起投资统计口径调整，与2021年不可直接比较", "注：增速为扣除价格因素的实际增长",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_above", [True, False])
def test_a_note_on_method_stays_a_note(judge_file: Judge, note: str, is_above: bool) -> None:
    row = (note, "", "", "")
    rows = [row, HEAD, *ROWS] if is_above else [HEAD, *ROWS, row]
    assert_clean(judge_file("main_indicators", sent(*rows)))


@pytest.mark.parametrize(
    ("text", "grade"), [("限上口径", "query"), ("Forecast", "reject"), ("21年1-9月", "reject")]
)
def test_a_row_above_the_headings_counts(judge_file: Judge, text: str, grade: str) -> None:
    judged = judge_file("main_indicators", sent(("", "", text, ""), HEAD, *ROWS))
    assert {(f.cell, str(f.severity)) for f in judged.broken()} == {("C1", grade)}


QUARTERS = (
    ("指标名称", "计量单位", "", ""),
    ("地区生产总值", "亿元", "37.92", "37.00"),
    ("第一产业增加值", "亿元", "0.61", "0.50"),
    ("第二产业增加值", "亿元", "13.12", "14.00"),
    ("第三产业增加值", "亿元", "24.19", "22.50"),
)


def test_quarters_alone_side_by_side_are_refused_as_such(judge_file: Judge) -> None:
    head = ("指标名称", "计量单位", "2022年7-9月", "2022年4-6月")
    judged = judge_file("gdp", sent(head, *QUARTERS[1:]))
    refused = judged.only("FILE-SPAN")
    assert (judged.status, refused.cell) == ("rejected", "C1")
    assert "2022年7-9月" in refused.message_zh


def test_a_column_of_periods_that_are_quarters_alone_is_refused_as_such(judge_file: Judge) -> None:
    rows = [("2022年7-9月", *row[:3]) for row in QUARTERS[1:]]
    judged = judge_file("gdp", sent(("报告期", "指标名称", "计量单位", "本年累计"), *rows))
    assert (judged.status, judged.only("FILE-SPAN").cell) == ("rejected", "A2")


def test_a_column_of_dates_that_a_register_does_not_know_is_refused_by_its_heading(
    judge_file: Judge,
) -> None:
    head = ("项目名称", "项目领域", "建设阶段", "挂牌日")
    file = sent(
        head, ("甲路", "市政设施", "开工", "2021-06-30"), ("乙校", "教育", "完工", "2022-08-31")
    )
    judged = judge_file("project_ledger", file)
    refused = judged.only("LAYOUT-UNKNOWN")
    assert (judged.status, refused.cell) == ("rejected", "D1")
    assert not judged.broken("FILE-SPAN")
    dated = judge_file("project_ledger", file.replace("挂牌日", "报告期"))
    assert dated.only("FILE-SPAN").cell == "D2"


def test_zones_down_and_lines_across_are_said(judge_file: Judge) -> None:
    file = sent(
        ("地区", "地区生产总值", "第一产业增加值"), ("北京", "100", "1"), ("天津", "50", "2")
    )
    said = judge_file("gdp", file).only("LAYOUT-ARRANGED")
    assert "地区竖排" in said.message_zh


def test_a_transposed_table_and_tables_side_by_side_are_refused(judge_file: Judge) -> None:
    """What README says of its limits."""
    transposed = judge_file("gdp", sent(*zip(HEAD, *GDP_ROWS, strict=True)))
    assert (transposed.status, transposed.only("LAYOUT-HEADER").severity) == ("rejected", "reject")
    beside = judge_file("gdp", sent((*HEAD, "", *HEAD), (*GDP_ROWS[0], "", *GDP_ROWS[1])))
    assert beside.status == "rejected"
    assert {f.code for f in beside.broken() if f.severity == "reject"} == {"LAYOUT-DUPLICATE"}


GDP_ROWS = (("地区生产总值", "亿元", "107.92", "3.4"), ("第一产业增加值", "亿元", "1.41", "4.1"))


@pytest.mark.parametrize("heading", ["9月", "7-9月", "8月"])
def test_a_month_beside_the_year_to_date_is_left_aside(judge_file: Judge, heading: str) -> None:
    head = ("指标名称", "计量单位", heading, "1-9月", "同比增长（%）")
    judged = judge_file("main_indicators", sent(head, *[(*r[:2], "4.1", *r[2:]) for r in ROWS]))
    assert_clean(judged)
    assert judged.only("LAYOUT-ASIDE").cell == "C1"


@pytest.mark.parametrize("heading", ["环比增长（%）", "全年计划"])
def test_a_column_of_another_meaning_beside_those_asked_for_is_left_aside(
    judge_file: Judge, heading: str
) -> None:
    judged = judge_file("main_indicators", sent((*HEAD, heading), *[(*r, "1.1") for r in ROWS]))
    assert_clean(judged)
    assert judged.only("LAYOUT-ASIDE").cell == "E1"


def test_a_growth_against_the_quarter_before_alone_is_asked_about(judge_file: Judge) -> None:
    judged = judge_file("main_indicators", sent((*HEAD[:3], "环比增长（%）"), *ROWS))
    assert (judged.only("HEADING-MEANING").cell, grades(judged)) == ("D1", {"query"})
    assert {row["growth_reported_pct"] for row in judged.accepted} == {None}


@pytest.mark.parametrize(
    "head",
    [
        ("指标名称", "计量单位", "自年初累计", "比去年同期增长（%）"),
        ("指标名称", "计量单位", "绝对量", "增减（%）"),
    ],
)
def test_ordinary_headings_are_known(judge_file: Judge, head: tuple[str, ...]) -> None:
    assert_clean(judge_file("main_indicators", sent(head, *ROWS)))


@pytest.mark.parametrize("growth", ["增速（三季度）", "增减"])
def test_a_growth_that_is_not_said_in_full_is_asked_about(judge_file: Judge, growth: str) -> None:
    judged = judge_file("main_indicators", sent((*HEAD[:3], growth), *ROWS))
    assert [(f.code, f.cell) for f in judged.broken()] == [("WORDS-UNKNOWN", "D1")]


@pytest.mark.parametrize("remark", ["e", "同比增长"])
def test_a_line_that_says_more_is_asked_about(judge_file: Judge, remark: str) -> None:
    rows = [ROWS[0], (f"{ROWS[1][0]}（{remark}）", *ROWS[1][1:]), ROWS[2]]
    judged = judge_file("main_indicators", sent(HEAD, *rows))
    assert [(f.code, f.cell) for f in judged.broken()] == [("LINE-WORDS", "A3")]


def test_a_table_of_outcomes_is_no_plan(judge_file: Judge) -> None:
    head = ("指标名称", "计量单位", "年度目标", "计划增长（%）")
    rows = [("一般公共预算收入", "亿元", "12", "6"), ("固定资产投资", "亿元", "60", "10")]
    title = ("2022年度计划目标完成情况", "", "", "")
    judged = judge_file("plan_targets", sent(title, head, *rows))
    assert judged.only("HEADING-MEANING").cell == "A1"
    ordinary = ("2022年度计划目标任务分解表", "", "", "")
    assert judge_file("plan_targets", sent(ordinary, head, *rows)).broken("HEADING-MEANING") == []


def test_a_plan_of_a_quarter_is_asked_about(judge_file: Judge) -> None:
    head = ("指标名称", "计量单位", "三季度目标", "计划增长（%）")
    rows = [("一般公共预算收入", "亿元", "12", "6"), ("固定资产投资", "亿元", "60", "10")]
    judged = judge_file("plan_targets", sent(head, *rows))
    assert judged.only("WORDS-UNKNOWN").cell == "C1"


def test_a_quarter_beside_a_table_that_is_no_column_is_asked_about(judge_file: Judge) -> None:
    judged = judge_file(
        "main_indicators", sent((*HEAD, "", "2021年1-9月"), *[(*r, "", "") for r in ROWS])
    )
    assert (judged.only("FILE-SPAN").cell, grades(judged)) == ("F1", {"query"})
