"""Figures that may be another number, or another figure, than they seem: held, or asked about at their cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.judging import Judged

pytestmark = pytest.mark.sampled
Judge = Callable[..., Judged]

MAIN = "指标名称,计量单位,本年累计,同比增长（%）\n{above}规模以上工业增加值,,—,-2.0\n{row}\n固定资产投资,亿元,37.66,6.6\n"
NOTED = "指标名称,计量单位,本年累计,同比增长（%）,备注\n规模以上工业增加值,,—,-2.0,\n{row}\n固定资产投资,亿元,37.66,6.6,\n"
RETAIL = "社会消费品零售总额,亿元,41.82,3.6"
HEADS = ["指标名称", "计量单位", "本年累计", "同比增长（%）"]
ROWS = [
    ["规模以上工业增加值", None, "—", -2.0],
    ["社会消费品零售总额", "亿元", 41.82, 3.6],
    ["固定资产投资", "亿元", 37.66, 6.6],
]


def raised(judged: Judged) -> list[tuple[str, str, str | None]]:
    """The findings above a note."""
    return [(f.severity, f.code, f.cell) for f in judged.broken() if f.severity != "note"]


def growths(judged: Judged) -> dict[str, Decimal | None]:
    return {row["indicator"]: row["growth_reported_pct"] for row in judged.accepted}


def workbook(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for row in [HEADS, *ROWS]:
        sheet.append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("figure", "growth", "expected"),
    [
        ('"41,820"', "3.6", ("quarantine", "VALUE-COMMA", "C3")),
        ("41 820", "3.6", ("quarantine", "VALUE-COMMA", "C3")),
        ("41.82", '"3,600"', ("quarantine", "VALUE-COMMA", "D3")),
        ("34", "125", ("quarantine", "VALUE-COMMA", "C3")),
        ("41.82e1", "3.6", ("quarantine", "VALUE-NUMBER", "C3")),
        ("㊶.82", "3.6", ("quarantine", "VALUE-NUMBER", "C3")),
        ("同比增长3.6", "3.6", ("quarantine", "VALUE-NUMBER", "C3")),
        ("41.82", "二", ("quarantine", "VALUE-NUMBER", "D3")),
        ("41.82", "回落3.6", ("query", "GROWTH-POINTS", "D3")),
        ("41.82", "提高3.6", ("query", "GROWTH-POINTS", "D3")),
        ("41.82", "0.066", ("query", "GROWTH-FRACTION", "D3")),
        ("41.82", "0.04", ("query", "GROWTH-FRACTION", "D3")),
        ("↑41.82", "3.6", ("quarantine", "VALUE-NUMBER", "C3")),
        ("41.82↓", "3.6", ("quarantine", "VALUE-NUMBER", "C3")),
        ("41.82", "2.0↑", ("quarantine", "VALUE-NUMBER", "D3")),
        ("41.82", "四", ("quarantine", "VALUE-NUMBER", "D3")),
        ("41.82", "十", ("quarantine", "VALUE-NUMBER", "D3")),
        ("41.82", "二十", ("quarantine", "VALUE-NUMBER", "D3")),
        ("41.82", "两", ("quarantine", "VALUE-NUMBER", "D3")),
    ],
)
def test_a_doubtful_figure_is_held_or_asked_about_at_its_cell(
    judge_file: Judge, figure: str, growth: str, expected: tuple[str, str, str]
) -> None:
    row = f"社会消费品零售总额,亿元,{figure},{growth}"
    judged = judge_file("main_indicators", MAIN.format(above="", row=row))
    assert raised(judged) == [expected]


@pytest.mark.parametrize(
    ("growth", "value"),
    [
        ("同比3.6%", "3.6"), ("增速3.6", "3.6"), ("下滑3.6", "-3.6"), ("正3.6", "3.6"), ("同比下滑3.6%", "-3.6"),
        ("比上年同期增长3.6%", "3.6"), ("0.4", "0.4"), ("125.3", "125.3"), ("回落3.6%", "-3.6"), ("翻一番", "100"),
    ],
)  # fmt: skip
def test_an_ordinary_growth_draws_nothing(judge_file: Judge, growth: str, value: str) -> None:
    row = f"社会消费品零售总额,亿元,41.82,{growth}"
    judged = judge_file("main_indicators", MAIN.format(above="", row=row))
    assert raised(judged) == []
    assert growths(judged)["retail_sales"] == Decimal(value)


@pytest.mark.parametrize(
    "row",
    [
        "社会消费品零售总额,亿元,34,125,6.0,",
        "社会消费品零售总额,亿元,34,125,-,",
        "社会消费品零售总额,亿元,1,034.5,下降2,",
        "社会消费品零售总额,亿元,34,125,6.0",
    ],
)
def test_a_figure_cut_in_two_is_held(judge_file: Judge, row: str) -> None:
    judged = judge_file("main_indicators", NOTED.format(row=row))
    assert raised(judged) == [("quarantine", "VALUE-COMMA", "C3")]


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("budget", ["一般公共预算收入,亿元,7.34,-0.05"]),
        (
            "income",
            [
                "城镇常住居民人均可支配收入,元,30000,0.05",
                "农村常住居民人均可支配收入,元,16000,0.07",
            ],
        ),
    ],
)
def test_small_growths_of_two_decimals_alone_may_be_fractions(
    judge_file: Judge, form: str, rows: list[str]
) -> None:
    judged = judge_file(form, "\n".join([",".join(HEADS), *rows]) + "\n")
    assert len(judged.broken("GROWTH-FRACTION")) == len(rows)


@pytest.mark.parametrize(
    ("sent", "cells"),
    [
        (("0.98", "1.036", "1.066"), ["D2", "D3", "D4"]), (("1.03", "1.04", "1.05"), ["D2", "D3", "D4"]), (("0.97", "0.96", "0.94"), ["D2", "D3", "D4"]),
        (("-2.0", "1.036", "6.6"), ["D3"]), (("-2.0", "1.03", "6.6"), ["D3"]), (("1.1", "0.9", "1.2"), []), (("1.12", "5.34", "0.86"), []), (("-2.0", "1", "1"), []),
    ],
)  # fmt: skip
def test_growths_that_look_like_ratios_to_last_year_are_asked_about(
    judge_file: Judge, sent: tuple[str, ...], cells: list[str]
) -> None:
    rows = [[*row[:3], growth] for row, growth in zip(ROWS, sent, strict=True)]
    judged = judge_file(
        "main_indicators",
        "\n".join(",".join(str(c or "") for c in row) for row in [HEADS, *rows]) + "\n",
    )
    assert raised(judged) == [("query", "GROWTH-RATIO", cell) for cell in cells]


@pytest.mark.parametrize(
    ("retail", "investment", "is_asked"),
    [
        (("3.6", "41.82"), ("6.6", "37.66"), True), (("3.6", "3.6"), ("6.6", "6.6"), True), (("-3.6", "41.82"), ("6", "37.6"), True),
        (("3.6", "41.8"), ("6.6", "37.6"), False), (("41.82", "3.6"), ("0.05", "6.6"), False), (("41.82", "41.82"), ("37.66", "6.6"), False),
    ],
)  # fmt: skip
def test_levels_and_growths_that_changed_columns_are_asked_about(
    judge_file: Judge, retail: tuple[str, str], investment: tuple[str, str], is_asked: bool
) -> None:
    row = f"社会消费品零售总额,亿元,{','.join(retail)}"
    file = MAIN.format(above="", row=row).replace("37.66,6.6", ",".join(investment))
    cells = [
        (f.code, f.cell) for f in judge_file("main_indicators", file).broken("GROWTH-EXCHANGED")
    ]
    assert cells == [("GROWTH-EXCHANGED", cell) for cell in ("C3", "C4") if is_asked]


@pytest.mark.parametrize("growths_sent", [("12.37", "0.25"), ("3", "0.4"), ("3.6", "0.3")])
def test_a_small_growth_among_its_like_is_no_fraction(
    judge_file: Judge, growths_sent: tuple[str, str]
) -> None:
    rows = f"城镇常住居民人均可支配收入,元,30000,{growths_sent[0]}\n农村常住居民人均可支配收入,元,16000,{growths_sent[1]}\n"
    assert raised(judge_file("income", ",".join(HEADS) + "\n" + rows)) == []


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (",,预计,", ("reject", "HEADING-MEANING", "C2")),
        (",,8月,", ("reject", "HEADING-MEANING", "C2")),
        (",,1-8月,", ("reject", "HEADING-MEANING", "C2")),
        (",,,环比", ("query", "HEADING-MEANING", "D2")),
        ("甲,乙,1,2", None),
        ("1,2,3,4", None),
        (",,累计,同比", None),
    ],
)
def test_a_second_row_of_headings_is_read_as_in_brackets(
    judge_file: Judge, below: str, expected: tuple[str, str, str] | None
) -> None:
    judged = judge_file("main_indicators", MAIN.format(above=below + "\n", row=RETAIL))
    assert raised(judged) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("社会消费品零售总额指数(上年同期=100)", "亿元"),
        ("社会消费品零售总额_累计增长(%)", "亿元"),
        ("社会消费品零售总额指数(上年同期=100)", ""),
    ],
)
def test_a_growth_by_its_name_beside_a_growth_is_held(
    judge_file: Judge, line: str, unit: str
) -> None:
    judged = judge_file("main_indicators", MAIN.format(above="", row=f"{line},{unit},41.82,3.6"))
    assert "retail_sales" not in growths(judged)
    assert ("quarantine", "LINE-UNKNOWN", "A3") in raised(judged)


@pytest.mark.parametrize(
    ("note", "is_asked"),
    [
        ("上年同期数", True),
        ("1-8月数", True),
        ("预计数", True),
        ("此为预计数", True),
        ("初步核算", False),
        ("受疫情影响，比上年同期下降", False),
        ("2022年8月起新增一家", False),
        ("1-9月累计", False),
        ("见附件", False),
    ],
)
def test_a_note_that_gives_another_meaning_is_asked_about(
    judge_file: Judge, note: str, is_asked: bool
) -> None:
    judged = judge_file("main_indicators", NOTED.format(row=f"{RETAIL},{note}"))
    assert raised(judged) == ([("query", "NOTE-MEANING", "E3")] if is_asked else [])


@pytest.mark.parametrize(
    ("form", "row", "is_asked"),
    [
        ("energy", "万元地区生产总值能耗升降率,%,{}", {"0.979": True, "-0.021": True, "-2.1": False, "-0.32": False, "0.5": False}),
        ("social_insurance", "参保率,%,{}", {"0.988": True, "0.98": True, "98.8": False, "100": False}),
    ],
)  # fmt: skip
def test_a_rate_as_a_fraction_or_ratio_is_asked_about(
    judge_file: Judge, form: str, row: str, is_asked: dict[str, bool]
) -> None:
    for rate, expected in is_asked.items():
        judged = judge_file(form, f"指标名称,计量单位,本年累计\n{row.format(rate)}\n")
        assert bool(judged.broken("RATE-FRACTION")) == expected, rate


def test_a_file_cut_by_semicolons_has_decimal_commas(judge_file: Judge) -> None:
    file = MAIN.format(above="", row=RETAIL).replace(",", ";").replace(".", ",")
    judged = judge_file("main_indicators", file)
    assert raised(judged) == []
    assert growths(judged)["retail_sales"] == Decimal("3.6")
    assert [r["value"] for r in judged.accepted][1] == 4_182_000_000
    mixed = judge_file("main_indicators", file.replace("41,82", "1.041,82"))
    assert [f.cell for f in mixed.broken("VALUE-NUMBER")][:1] == ["D2"]


def test_a_sheet_of_another_period_is_set_aside(judge_file: Judge) -> None:
    def add(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("上年同期")
        for row in [HEADS, *ROWS]:
            sheet.append(row)

    judged = judge_file("main_indicators", workbook(add), name="main_indicators.xlsx")
    assert raised(judged) == [] and len(judged.accepted) == 3
    assert judged.only("LAYOUT-ASIDE").sheet == "上年同期"


def test_rows_sent_twice_name_their_sheets(judge_file: Judge) -> None:
    def add(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("另一张")
        for row in [HEADS, *ROWS[:1]]:
            sheet.append(row)

    judged = judge_file("main_indicators", workbook(add), name="main_indicators.xlsx")
    assert "Sheet1!2" in (judged.broken("KEY-DUPLICATE")[0].message_zh or "")


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [("这是上年同期数", True), ("张三:\n预计", True), ("已与统计局核对", False)],
)
def test_a_comment_that_gives_another_meaning_is_asked_about(
    judge_file: Judge, text: str, is_asked: bool
) -> None:
    def say(book: openpyxl.Workbook) -> None:
        book["Sheet1"]["C3"].comment = Comment(text, "张三")

    judged = judge_file("main_indicators", workbook(say), name="main_indicators.xlsx")
    assert raised(judged) == ([("query", "CELL-COMMENT", "C3")] if is_asked else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&C2021年1-9月", [("query", "FILE-SPAN", None)]),
        ("&C2022年1-9月&R第 &P 页", []),
        ("&L打印日期：2022年10月9日", []),
    ],
)
def test_the_header_of_a_page_is_read(
    judge_file: Judge, text: str, expected: list[tuple[str, str, str | None]]
) -> None:
    def say(book: openpyxl.Workbook) -> None:
        book["Sheet1"].oddHeader.center.text = text.removeprefix("&C")

    judged = judge_file("main_indicators", workbook(say), name="main_indicators.xlsx")
    assert raised(judged) == expected


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('<row r="3"', '<row r="3" ht="0.0" customHeight="1"', "ROW-HIDDEN"),
        (
            "<sheetData>",
            '<cols><col min="3" max="3" width="0.0" customWidth="1"/></cols><sheetData>',
            "COLUMN-HIDDEN",
        ),
    ],
)
def test_what_has_no_height_or_width_is_hidden(
    judge_file: Judge, before: str, after: str, code: str
) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lambda _: None))) as parts,
        zipfile.ZipFile(stream, "w") as changed,
    ):
        for name in parts.namelist():
            text = parts.read(name)
            if name.endswith("sheet1.xml"):
                assert before.encode() in text
                text = text.replace(before.encode(), after.encode())
            changed.writestr(name, text)
    judged = judge_file("main_indicators", stream.getvalue(), name="main_indicators.xlsx")
    assert [c for _, c, _ in raised(judged)] == [code]


def test_the_comments_that_we_wrote_into_a_return_workbook_are_no_words_of_the_sender(
    judge_file: Judge,
) -> None:
    ours = "【? 请说明】\n报的数，截至8月底，请核对"

    def say(book: openpyxl.Workbook) -> None:
        book["Sheet1"]["C3"].comment = Comment(ours, "jibao")
        book["Sheet1"]["C4"].comment = Comment(f"已核对\n\n{ours}", "jibao")

    judged = judge_file("main_indicators", workbook(say), name="main_indicators.xlsx")
    assert raised(judged) == []
