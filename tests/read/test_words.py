"""What stands beside a figure (titles, headings, lines, marks, units): the right answer for each kind.

Every case is one change to the same clean submission. A figure either loads right, or its cell has
a finding that asks; what is harmless draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.model.name import read_name
from flows.model.submission import Reading
from flows.read.understood import say_understood

pytestmark = pytest.mark.sampled
HEAD = ["指标名称", "计量单位", "本年累计", "同比增长（%）", "备注"]
GDP = [
    ["地区生产总值", "亿元", "107.92", "3.4", ""],
    ["第一产业增加值", "亿元", "1.41", "4.1", ""],
    ["第二产业增加值", "亿元", "39.12", "2.7", ""],
    ["第三产业增加值", "亿元", "67.39", "3.8", ""],
]
TITLE = "2022年1-9月地区生产总值"
Judge = Callable[..., Any]


def file_with(row: int, column: int, text: str, title: str = TITLE) -> str:
    """The clean submission with one cell changed; rows from 1 (the title), columns from 0."""
    rows = [[title, "", "", "", ""], list(HEAD), *map(list, GDP)]
    rows[row - 1][column] = text
    return "".join(",".join(f'"{c}"' if "," in c else c for c in cells) + "\n" for cells in rows)


def growths_of(judged: Any) -> dict[str, Decimal | None]:
    return {row["indicator"]: row["growth_reported_pct"] for row in judged.accepted}


def levels_of(judged: Any) -> dict[str, Decimal | None]:
    return {row["indicator"]: row["value"] for row in judged.accepted}


LEVELS = {
    "gdp": 10792000000,
    "va_primary": 141000000,
    "va_secondary": 3912000000,
    "va_tertiary": 6739000000,
}
GROWTHS = {
    "gdp": Decimal("3.4"),
    "va_primary": Decimal("4.1"),
    "va_secondary": Decimal("2.7"),
    "va_tertiary": Decimal("3.8"),
}


def assert_loads_right(judged: Any, asked: tuple[str, ...] = ()) -> None:
    assert [f.code for f in judged.broken() if f.severity != "note"] == list(asked)
    assert (levels_of(judged), growths_of(judged)) == (LEVELS, GROWTHS)


# --- titles and sheet names -------------------------------------------------------------------


@pytest.mark.parametrize(
    "span",
    [
        "2022年1-8月", "2022年1—5月", "2022年7-9月", "2022年9月", "九月份", "2022年6月", "2022年第三季度当季", "2022年三季度单季", "2021年",
        "2021年度", "2022.06", "Jan-Aug 2022", "September 2022", "2022-06-30", "2022年6月30日", "2021年1-9月", "2022年上半年", "2022年全年",
        "一季度", "Q2", "2022年前两个月", "2022年10-12月", "2022H1", "二〇二一年",
    ],
)  # fmt: skip
def test_a_title_of_another_span_is_refused(judge_file: Judge, span: str) -> None:
    judged = judge_file("gdp", file_with(1, 0, f"{span}地区生产总值"))
    assert judged.status == "rejected"
    refused = [f for f in judged.broken() if f.code in ("FILE-SPAN", "FILE-PERIOD")]
    assert [f.cell for f in refused] == ["A1"]
    assert judged.accepted == []


@pytest.mark.parametrize(
    "title",
    [
        "2022年前三季度地区生产总值", "2022年三季度地区生产总值", "三季度地区生产总值", "地区生产总值（2022年1-9月）", "2022年地区生产总值", "截至2022年9月末地区生产总值",
        "地区生产总值 2022-09-30", "报出日期：2022年10月12日", "填报日期：2022年3月1日", "统字〔2021〕12号", "2021年1-9月与2022年1-9月对比", "地区生产总值（快报数）",
        "地区生产总值（现价）", "（续表）", "（单位：亿元）", "一至三季度", "2022年1—9月份", "Jan–Sep 2022", "10月20日例会用表", "地区生产总值",
    ],
)  # fmt: skip
def test_an_ordinary_title_draws_nothing(judge_file: Judge, title: str) -> None:
    assert_loads_right(judge_file("gdp", file_with(1, 0, title)))


@pytest.mark.parametrize(
    "title",
    [
        "2022年第五季度",
        "2022年13月",
        "2022年1-9月（魑魅）",
        "FY2022",
        "2022年1-9月【某某】",
        "2022Q5",
        "2022年7-9月（2022年1-9月）",
    ],
)
def test_a_title_that_is_not_understood_is_asked_about(judge_file: Judge, title: str) -> None:
    judged = judge_file("gdp", file_with(1, 0, title))
    assert [f.cell for f in judged.broken() if f.severity == "query"] == ["A1"]
    assert levels_of(judged) == LEVELS


@pytest.mark.parametrize(
    ("sheet", "title", "grade"),
    [
        ("2021年1-9月", "", "reject"), ("9月", "", "reject"), ("2022年上半年", "", "reject"), ("2021年", "", "reject"), ("7-9月", "", "reject"),
        ("2021年1-9月", TITLE, "query"), ("9月", TITLE, "query"), ("1-9月", "", None), ("2022年三季度", "", None), ("表1", "", None),
        ("Sheet1", "", None), ("2022年", "", None),
    ],
)  # fmt: skip
def test_the_sheet_s_name_counts(
    judge_file: Judge, tmp_path: Path, sheet: str, title: str, grade: str | None
) -> None:
    workbook = openpyxl.Workbook()
    page: Any = workbook.active
    page.title = sheet
    for row in [[title or None], HEAD, *GDP]:
        page.append([cell or None for cell in row])
    workbook.save(tmp_path / "gdp.xlsx")
    judged = judge_file("gdp", tmp_path / "gdp.xlsx")
    asked = [(f.severity, f.sheet) for f in judged.broken() if f.severity != "note"]
    assert asked == ([(grade, sheet)] if grade else [])


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("2021年各季度地区生产总值（亿元）", "rejected"),
        ("2020年地区生产总值", "rejected"),
        ("2022年各季度地区生产总值（亿元）", "accepted"),
        ("2020-2022年地区生产总值（亿元）", "accepted"),
        ("各季度地区生产总值（亿元）", "accepted"),
        ("2023年1-9月", "rejected"),
    ],
)
def test_quarters_across_take_their_year_from_the_title(
    judge_file: Judge, title: str, status: str
) -> None:
    rows = [[title, "", ""], ["指标名称", "1-9月", "1-6月"]]
    rows += [[f"{name}（亿元）", value, "1"] for name, _, value, _, _ in GDP]
    judged = judge_file("gdp", "".join(",".join(row) + "\n" for row in rows))
    assert judged.status == status
    if status == "rejected":
        assert [f.cell for f in judged.broken() if f.severity == "reject"] == ["A1"]


# --- headings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "本年累计（当季）", "绝对额（上年同期）", "绝对额（2020年不变价）", "绝对值（2020年价格）", "本年累计（预计）", "本年累计（全年计划）", "本年累计（9月）",
        "本年累计（2021年）", "本年累计【当月】", "本年累计〔当季〕", "本年累计（亿元，当季）", "本年累计（亿元）（当季）", "本年累计（7-9月）", "2022年1-9月（当季）",
        "2022年9月", "Value (forecast)", "本年累计(2022.06)", "本年累计（不含税）", "本年累计（占比）",
    ],
)  # fmt: skip
def test_a_level_of_another_meaning_is_refused(judge_file: Judge, heading: str) -> None:
    judged = judge_file("gdp", file_with(2, 2, heading))
    finding = judged.only("HEADING-MEANING")
    assert (judged.status, finding.severity, finding.cell) == ("rejected", "reject", "C2")
    assert finding.value == heading or heading in (finding.value or "")


@pytest.mark.parametrize(
    "heading",
    [
        "同比增长（环比）", "同比增长（两年平均）", "同比增长（两年平均，%）", "同比增长（两年平均）（%）", "同比增长（现价）（%）", "同比增长（名义）", "同比增减（百分点）",
        "同比增长（个百分点）", "同比增速（当季，%）", "同比增长（较上季）", "同比增长（年均）", "同比（9月）", "同比增长（上年=100）", "同比增长（亿元）", "同比增长（2021年1-9月）",
        "同比增长（贡献率）",
    ],
)  # fmt: skip
def test_a_growth_of_another_meaning_is_not_loaded_and_asked_about(
    judge_file: Judge, heading: str
) -> None:
    judged = judge_file("gdp", file_with(2, 3, heading))
    finding = judged.only("HEADING-MEANING")
    assert (finding.severity, finding.cell) == ("query", "D2")
    assert levels_of(judged) == LEVELS
    assert set(growths_of(judged).values()) == {None}


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        (2, "本年累计（1-9月）"), (2, "本年累计（2022年）"), (2, "本年累计（现价）"), (2, "本年累计（亿元、现价）"), (2, "累计（初步核算）"), (2, "本年累计①"),
        (2, "本年累计（1）"), (2, "2022年三季度"), (3, "同比增长（不变价）"), (3, "同比增长（可比价，%）"), (3, "比上年同期±%"), (3, "同比±%"),
        (3, "增速%"), (3, "同比增长（自然口径）"), (3, "比上年同期增长（％）"), (3, "增速（%）*"), (2, "绝对额(亿元)"), (3, "同比（1-9月）"),
    ],
)  # fmt: skip
def test_an_ordinary_heading_draws_nothing(judge_file: Judge, column: int, heading: str) -> None:
    assert_loads_right(judge_file("gdp", file_with(2, column, heading)))


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        (2, "本年累计（魑魅）"),
        (3, "同比增长（魑魅）"),
        (2, "本年累计（亿元，魑魅）"),
        (2, "本年累计《某数》"),
        (2, "本年累计（含税）"),
    ],
)
def test_unknown_words_on_a_heading_are_asked_about(
    judge_file: Judge, column: int, heading: str
) -> None:
    judged = judge_file("gdp", file_with(2, column, heading))
    assert_loads_right(judged, ("WORDS-UNKNOWN",))
    assert judged.only("WORDS-UNKNOWN").cell == f"{'ABCD'[column]}2"


@pytest.mark.parametrize(
    "heading", ["同比增长（‰）", "同比增长‰", "增速（‰）", "同比±‰", "同比增长[‰]"]
)
def test_per_mille_is_a_tenth_of_a_per_cent(judge_file: Judge, heading: str) -> None:
    rows = [[TITLE, "", "", ""], [*HEAD[:3], heading]]
    rows += [[*row[:3], f"{Decimal(row[3]) * 10:f}"] for row in GDP]
    judged = judge_file("gdp", "".join(",".join(row) + "\n" for row in rows))
    assert_loads_right(judged)


# --- lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "（不变价）", "（上年同期）", "（三季度当季）", "（全年计划）", "（限额以上）", "（不含河西街道）", "（中位数）", "（税收部分）", "（2021年）", "（7-9月）",
        "（9月）", "【当季】", "（亿元，当季）", "（预计）", "（全市）", "（2020年价格）", "（当月）",
    ],
)  # fmt: skip
def test_a_line_of_another_meaning_is_held(judge_file: Judge, words: str) -> None:
    judged = judge_file("gdp", file_with(3, 0, f"地区生产总值{words}"))
    finding = judged.only("LINE-MEANING")
    assert (finding.severity, finding.cell, judged.status) == ("quarantine", "A3", "partial")
    assert "gdp" not in levels_of(judged)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("（初步核算）", "初步核算"), ("（现价）", "现价"), ("①", "①"), ("*", "*"), ("（GDP）", None), ("（1-9月）", None), ("（2022年）", None),
        ("（亿元）", None), ("（1）", None), ("（同口径）", "同口径"), ("²", "²"),
    ],
)  # fmt: skip
def test_a_harmless_word_on_a_line_stays_in_its_note(
    judge_file: Judge, words: str, note: str | None
) -> None:
    judged = judge_file("gdp", file_with(3, 0, f"地区生产总值{words}"))
    assert_loads_right(judged)
    assert judged.accepted[0]["note"] == note


@pytest.mark.parametrize(
    "words", ["（魑魅）", "（某乡）", "【未知】", "（abcdef）", "（亿元，魑魅）"]
)
def test_unknown_words_on_a_line_are_asked_about(judge_file: Judge, words: str) -> None:
    judged = judge_file("gdp", file_with(3, 0, f"地区生产总值{words}"))
    assert_loads_right(judged, ("LINE-WORDS",))
    assert judged.only("LINE-WORDS").cell == "A3"


@pytest.mark.parametrize(
    "sent", ["#{}", "＃{}", "# {}", "其中：{}", "其中:{}", "其中{}", "{}（#）"]
)
def test_of_which_is_no_mark_and_no_note(judge_file: Judge, sent: str) -> None:
    """`#制造业` is 其中：制造业 in Chinese statistics; only a # behind a name or figure is a mark."""
    judged = judge_file("gdp", file_with(4, 0, sent.format("第一产业增加值")))
    assert_loads_right(judged)
    assert {row["note"] for row in judged.accepted} == {None}
    assert read_name("#制造业").marks == () and read_name("制造业#").marks == ("#",)


def test_investment_without_farm_households_is_the_official_name(judge_file: Judge) -> None:
    text = "指标,计量单位,本年累计,增速\n固定资产投资（不含农户）,亿元,37.66,6.6\n社会消费品零售总额,亿元,41.82,3.6\n规模以上工业增加值（可比价）,,,-2\n"
    judged = judge_file("main_indicators", text)
    assert (judged.status, judged.codes) == ("accepted", [])
    held = judge_file(
        "main_indicators", text.replace("社会消费品零售总额", "社会消费品零售总额（不含农户）")
    )
    assert held.only("LINE-MEANING").cell == "A3"


# --- figures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    ["①", "②", "¹", "²", "₁", "*", "†", "[1]", "注1", "（注1）", "❶", "⑴", "(p)", "※", "§", "ᵖ"],
)
@pytest.mark.parametrize(("column", "figure"), [(2, "107.92"), (3, "3.4")])
def test_a_mark_at_a_figure_is_no_digit(
    judge_file: Judge, column: int, figure: str, mark: str
) -> None:
    judged = judge_file("gdp", file_with(3, column, figure + mark))
    assert_loads_right(judged)
    assert mark in judged.accepted[0]["note"]
    assert judged.only("VALUE-MARK").cell == f"{'ABCD'[column]}3"
    if column == 2 and mark in ("(p)", "ᵖ"):
        assert judged.accepted[0]["obs_status"] == "P"


@pytest.mark.parametrize(
    "text",
    ["107①92", "一", "107.92？", "107.92（预计）", "10⁴", "①", "0,125", "107,92", "≈107.92", "1½"],
)
def test_what_is_no_figure_for_certain_is_held(judge_file: Judge, text: str) -> None:
    judged = judge_file("gdp", file_with(3, 2, text))
    assert judged.only("VALUE-NUMBER").cell == "C3"
    assert "gdp" not in levels_of(judged)


@pytest.mark.parametrize("text", ["107.92亿", "107.92亿元", "107.92 亿", "１０７．９２亿"])
def test_a_myriad_is_never_multiplied_twice(judge_file: Judge, text: str) -> None:
    judged = judge_file("gdp", file_with(3, 2, text))
    assert_loads_right(judged)
    assert (judged.accepted[0]["value_reported"], judged.accepted[0]["decimals_reported"]) == (
        Decimal("107.92"),
        2,
    )


@pytest.mark.parametrize("text", ["1079200万元", "1079200万", "107.92万元", "107.92元", "107.92万"])
def test_two_units_for_a_figure_are_a_conflict_with_both_named(
    judge_file: Judge, text: str
) -> None:
    judged = judge_file("gdp", file_with(3, 2, text))
    finding = judged.only("UNIT-CONFLICT")
    assert (finding.severity, finding.cell) == ("quarantine", "C3")
    assert "亿元" in finding.message_zh and (
        "万" in finding.message_zh or "元" in finding.message_zh
    )


@pytest.mark.parametrize(
    "note",
    [
        "注：本表绝对数单位为万元",
        "说明：以万元为单位",
        "注：1. 绝对数按万元计",
        "单位：万元",
        "备注：表中单位均为千元",
    ],
)
def test_a_note_that_contradicts_the_unit_is_a_conflict(judge_file: Judge, note: str) -> None:
    judged = judge_file("gdp", file_with(1, 0, TITLE) + f"{note},,,,\n")
    finding = judged.only("UNIT-CONFLICT")
    assert (judged.status, finding.cell) == ("rejected", "A7")
    assert "亿元" in finding.message_zh


@pytest.mark.parametrize("note", ["注：本表绝对数单位为亿元", "注：绝对数按现价计算", "注：以亿元为单位", "单位负责人：张三", "注：人数单位为人"])  # fmt: skip
def test_a_note_that_agrees_draws_nothing(judge_file: Judge, note: str) -> None:
    assert_loads_right(judge_file("gdp", file_with(1, 0, TITLE) + f"{note},,,,\n"))


@pytest.mark.parametrize(
    "text", ["提高0.5个百分点", "-0.5个百分点", "增长3.4个百分点", "回落0.2百分点", "0.5个点"]
)
def test_percentage_points_are_no_growth(judge_file: Judge, text: str) -> None:
    judged = judge_file("gdp", file_with(3, 3, text))
    finding = judged.only("GROWTH-POINTS")
    assert (finding.severity, finding.cell) == ("query", "D3")
    assert growths_of(judged)["gdp"] is None
    assert levels_of(judged) == LEVELS


@pytest.mark.parametrize(
    ("texts", "is_asked"),
    [
        (("0.034", "0.041", "0.027", "0.038"), True),
        (("0.0340", "0.0410", "0.0270", "0.0380"), True),
        (("0.03", "0.04", "0.03", "0.04"), True),
        (("-0.034", "0.041", "-0.027", "0.038"), True),
        (("0.034", "0.04", "0.027", "0.038"), True),
        (("0.3", "0.4", "0.2", "0.3"), False),
        (("0.34", "1.41", "0.27", "0.38"), False),
        (("0.034%", "0.041%", "0.027%", "0.038%"), True),
    ],
)
def test_growth_in_fractions_is_asked_about(
    judge_file: Judge, texts: tuple[str, ...], is_asked: bool
) -> None:
    rows = [HEAD[:4], *([*row[:3], text] for row, text in zip(GDP, texts, strict=True))]
    judged = judge_file("gdp", "".join(",".join(row) + "\n" for row in rows))
    asked = [f.cell for f in judged.broken("GROWTH-FRACTION")]
    assert asked == (["D2", "D3", "D4", "D5"] if is_asked else []), "every cell it is about"


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("6%左右", 6, "about"),
        ("7%以上", 7, "over"),
        ("不低于6%", 6, "over"),
        ("不超过5%", 5, "under"),
        ("约6.5%", Decimal("6.5"), "about"),
        ("≥6", 6, "over"),
        ("6", 6, "exact"),
        ("增长6%左右", 6, "about"),
    ],
)
def test_the_qualifier_of_a_growth_is_kept(
    judge_file: Judge, text: str, value: Decimal, qualifier: str
) -> None:
    file = f"指标名称,计量单位,年度目标,计划增长\n地区生产总值,亿元,,{text}\n"
    [row] = judge_file("plan_targets", file, period="2022Q1").accepted
    assert (row["growth_reported_pct"], row["growth_qualifier"], row["qualifier"]) == (
        value,
        qualifier,
        "exact",
    )


@pytest.mark.parametrize(("value", "growth"), [("", "6%"), ("6", ""), ("6%", ""), ("", "6")])
def test_a_target_of_growth_alone_may_have_per_cent_as_its_unit(
    judge_file: Judge, value: str, growth: str
) -> None:
    file = f"指标名称,计量单位,年度目标,计划增长\n地区生产总值,%,{value},{growth}\n"
    judged = judge_file("plan_targets", file, period="2022Q1")
    [row] = judged.accepted
    assert (row["value"], row["growth_reported_pct"], row["unit_reported"]) == (None, 6, None)
    assert not [f for f in judged.broken() if f.cell]


@pytest.mark.parametrize(
    ("text", "value"), [("▲2.0", -2), ("负2.0", -2), ("△2.0", -2), ("-2.0", -2), ("↓2.0%", -2)]
)
def test_ways_to_write_a_fall(judge_file: Judge, text: str, value: int) -> None:
    file = f"指标,计量单位,本年累计,增速\n规模以上工业增加值,,—,{text}\n"
    judged = judge_file("main_indicators", file)
    assert growths_of(judged) == {"industry_va": value}
    assert [f.severity for f in judged.broken() if f.cell] in ([], ["note"])


# --- commas -----------------------------------------------------------------------------------

INCOME = "城镇常住居民人均可支配收入,元,34,125,6.0{}\n农村常住居民人均可支配收入,元,18,519,8.1{}\n"


def test_a_row_wider_than_the_headings_is_joined_and_asked_about(judge_file: Judge) -> None:
    judged = judge_file("income", "指标,计量单位,累计值,增速（%）,备注\n" + INCOME.format(",", ","))
    assert levels_of(judged) == {"income_urban": 34125, "income_rural": 18519}
    assert growths_of(judged) == {"income_urban": 6, "income_rural": Decimal("8.1")}
    assert [(f.severity, f.cell) for f in judged.broken("VALUE-COMMA")] == [
        ("query", "C2"),
        ("query", "C3"),
    ]


@pytest.mark.parametrize(
    "heads", ["指标,计量单位,累计值,增速（%）,备注\n", "指标,计量单位,累计值,增速（%）\n"]
)
def test_a_figure_cut_by_its_comma_is_held_and_the_comma_named(
    judge_file: Judge, heads: str
) -> None:
    judged = judge_file("income", heads + INCOME.format("", ""))
    assert judged.accepted == []
    assert [f.cell for f in judged.broken("VALUE-COMMA")] == ["C2", "C3"]
    assert "34,125" in judged.broken("VALUE-COMMA")[0].message_zh


@pytest.mark.parametrize(
    ("figures", "held"),
    [
        (("107,920", "1,410", "39,120", "67,390"), 4),
        (("107,92", "1,410", "39.12", "67.39"), 1),
        (("107,920", "1,41", "39,12", "67,39"), 1),
        (("1,079,200", "14,100", "391,200", "673,900"), 0),
        (("107,920", "1,410.5", "39,120", "67,389.5"), 0),
    ],
)
def test_a_decimal_comma_of_three_places_is_held(
    judge_file: Judge, figures: tuple[str, ...], held: int
) -> None:
    rows = [
        HEAD[:4],
        *([row[0], "亿元", f'"{f}"', row[3]] for row, f in zip(GDP, figures, strict=True)),
    ]
    judged = judge_file("gdp", "".join(",".join(row) + "\n" for row in rows))
    assert len(judged.broken("VALUE-COMMA")) == held


# --- what was understood ----------------------------------------------------------------------


def test_what_was_understood_is_kept_and_said(judge_file: Judge) -> None:
    judged = judge_file("gdp", file_with(2, 2, "本年累计（初步核算）"))
    [block] = Reading.open(judged.folder).blocks
    said = block.understood
    assert said["titles"][0] == {
        "cell": "A1",
        "text": TITLE,
        "spans": [{"text": "2022年1-9月", "zh": "2022年1-9月", "en": "Jan–Sep 2022", "fits": True}],
    }
    assert [h["field"] for h in said["headings"]] == [
        "indicator",
        "unit",
        "value",
        "growth_pct",
        "note",
    ]
    assert [(w["text"], w["class"]) for w in said["words"] if w["class"] == "kept"] == [
        ("初步核算", "kept")
    ]
    zh, en = say_understood(block)
    assert "2022Q3" in zh and "初步核算（照存）" in zh
    assert "understood as 2022Q3" in en and "kept" in en


def test_a_quarter_to_come_is_asked_about(judge_file: Judge) -> None:
    text = file_with(1, 0, "地区生产总值")
    assert judge_file("gdp", text, period="2198Q1").only("FILE-FUTURE").severity == "query"
    assert not judge_file("gdp", text, period="2022Q4").broken("FILE-FUTURE")
