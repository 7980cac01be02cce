"""Kinds of doubt that files sent as people send them once passed over: each is asked about now."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.judging import Judged
from tests.read.test_figures_in_doubt import MAIN, NOTED, RETAIL, growths, raised, workbook
from tests.ugly.cell_files import WRITERS, Cell, Sheet
from tests.ugly.kinds import HEADS, ROWS

pytestmark = pytest.mark.sampled
Judge = Callable[..., Judged]
NAME = "社会消费品零售总额"


@pytest.mark.parametrize("ext", ["xlsx", "xls", "ods"])
def test_a_figure_raised_as_a_whole_is_asked_about(judge_file: Judge, ext: str) -> None:
    rows = [HEADS, *(list(row) for row in ROWS)]
    rows[2][2] = Cell(41.82, is_raised=True)
    rows[2][3] = Cell("3.62", is_raised=True)
    rows[3][0] = Cell(rows[3][0], is_raised=True)  # a name without a digit says nothing
    judged = judge_file("main_indicators", WRITERS[ext](Sheet(rows)), name=f"main_indicators.{ext}")
    assert raised(judged) == [("query", "CELL-RAISED", "C3"), ("query", "CELL-RAISED", "D3")]


@pytest.mark.parametrize(
    ("note", "is_asked"),
    [
        ("不变价", True), ("按2020年不变价", True), ("按可比价格计算", True), ("constant prices", True), ("按不变价计算，初步数", True),
        ("增速单位为百分点", True), ("增幅为百分点", True), ("增长率单位：个百分点", True), ("增速单位为‰", True), ("百分点", True),
        ("现价", False), ("增速按可比价计算", True), ("同比为不变价增速", True), ("实际增速", True), ("名义增速", False), ("增速比上年同期提高0.5个百分点", False), ("增速回落3个百分点", False),
        ("预计数已与统计局核对", True), ("先按预计数填报", True), ("预计四季度回升", False), ("预计下月公布", False), ("预计全年可达50亿元", False),
        ("暂按上月数", True), ("按去年数填", True), ("采用2021年数据代替", True), ("估", True), ("上季数据", True), ("含高新区数据", True), ("社零为上半年数", True),
        ("单位为万", True), ("单位：千万元", True), ("单位：亿元", False), ("单位：亿元、%", False), ("数据有误", True), ("数据待核实", True), ("由美元折算", True),
        ("实为42.1", True), ("更正：42.1亿元", True), ("×10", True), ("部分企业未报", True), ("未更新", True), ("参照上年", True), ("金额为美元", True), ("2022年1-3月数据", True),
        ("环比数据", True), ("新企业未入统", False), ("四经普修订", False), ("2022年10月15日", False),
        ("统计时点为2022年6月30日", True), ("绝对额以2015年不变价计算", True), ("投资口径为500万元以上项目", True), ("500万元以上项目投资", True),
        ("统计口径为同口径", False), ("增速为自然口径", False), ("新增亿元以上项目3个", False), ("部分企业停产", False),
        ("填报单位：统计局", False), ("单位：统计局", False), ("见附件", False), ("含开发区企业", False), ("企业停产", False), ("比上年同期增加2亿元", False), ("进口替代项目投产", False),
    ],
)  # fmt: skip
def test_words_of_a_row_note(judge_file: Judge, note: str, is_asked: bool) -> None:
    judged = judge_file("main_indicators", NOTED.format(row=f"{RETAIL},{note}"))
    asked = [finding for finding in raised(judged) if finding[1] != "UNIT-CONFLICT"]
    assert asked == ([("query", "NOTE-MEANING", "E3")] if is_asked else [])


def test_the_price_basis_of_a_growth_alone_is_the_lines_own(judge_file: Judge) -> None:
    file = NOTED.format(row=f"{RETAIL},").replace("-2.0,", "-2.0,{}")
    assert raised(judge_file("main_indicators", file.format("按可比价计算"))) == []
    asked = judge_file("main_indicators", file.format("现价"))
    assert raised(asked) == [("query", "NOTE-MEANING", "E2")]


@pytest.mark.parametrize(
    ("place", "text", "is_asked"),
    [
        ("C3", "这个数是按预计报的", True), ("C3", "预计数，待统计局核定", True), ("C3", "预计下月15日公布", False),
        ("C3", "万元", True), ("C3", "单位：万元", True), ("C3", "此数为万元", True), ("C3", "亿美元", True), ("C1", "万元", True),
        ("C3", "亿元", False), ("C1", "单位：亿元", False), ("D3", "%", False), ("C3", "比上月多3200万元", False),
    ],
)  # fmt: skip
def test_a_comment_of_an_estimate_or_another_unit(
    judge_file: Judge, place: str, text: str, is_asked: bool
) -> None:
    def say(book: openpyxl.Workbook) -> None:
        book["Sheet1"][place].comment = Comment(text, "张三")

    judged = judge_file("main_indicators", workbook(say), name="main_indicators.xlsx")
    assert raised(judged) == ([("query", "CELL-COMMENT", place)] if is_asked else [])


# below the table 单位:万 is asked about as a heading would be, and the others are passed over
TITLES_ALONE = {
    "Half-year 2022 indicators",
    "Mid-year 2022 indicators",
    "单位:万",
    "货币单位：日元",
}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("单位：亿元（美元）", "UNIT-CONFLICT"), ("单位：亿元（亿美元）", "UNIT-CONFLICT"), ("单位：亿元（万元）", "UNIT-CONFLICT"),
        ("主要经济指标（单位：亿元（美元））", "UNIT-CONFLICT"), ("单位：亿元（人民币）", None), ("单位：亿元（%）", None), ("单位：亿元（亿元）", None),
        ("分季度数据", "HEADING-MEANING"), ("2022年1-9月主要经济指标（分季度）", "HEADING-MEANING"), ("分季度主要经济指标", "HEADING-MEANING"), ("数据未扣除重复", "HEADING-MEANING"),
        ("注：数据未剔除重复部分", "HEADING-MEANING"), ("注：含重复计算部分", "HEADING-MEANING"), ("注：数据已扣除重复", None), ("分行业增加值", None),
        ("注：社零为上半年数", "FILE-SPAN"), ("Note: data are for Jan-Aug", "FILE-SPAN"), ("注：本表采用2021年数据代替", "FILE-SPAN"), ("注：增长率均以小数表示", "HEADING-MEANING"),
        ("注：金额为美元折算", "HEADING-MEANING"), ("注：本表含高新区数据", "HEADING-MEANING"), ("注：本期数据未经审核", "HEADING-MEANING"), ("Note: figures in thousands", "HEADING-MEANING"),
        ("2021-2022年主要指标", "FILE-SPAN"), ("2020至2022年主要指标", "FILE-SPAN"), ("数据截至8月31日", "FILE-SPAN"), ("数据截至9月30日", None),
        ("注：本表已按汇率折算", "HEADING-MEANING"), ("注：以上数据未经统计局核定", "HEADING-MEANING"),
        ("First half of 2022", "FILE-SPAN"), ("Half-year 2022 indicators", "FILE-SPAN"), ("Mid-year 2022 indicators", "FILE-SPAN"), ("Year ended September 2022", "FILE-SPAN"),
        ("12 months to September 2022", "FILE-SPAN"), ("2022 Q3 only", "FILE-SPAN"), ("Year to August 2022", "FILE-SPAN"), ("前两季度指标", "FILE-SPAN"), ("2022/1-8 指标", "FILE-SPAN"),
        ("全年主要指标", "FILE-SPAN"), ("2022年中指标", "FILE-SPAN"), ("单位:万", "WORDS-UNKNOWN"), ("货币单位：日元", "WORDS-UNKNOWN"),
        ("注：社零应为42.10", "HEADING-MEANING"), ("注：小数点左移一位", "HEADING-MEANING"), ("注：9月数据未入", "HEADING-MEANING"), ("注：缺9月", "HEADING-MEANING"),
        ("注：取自上月快报", "HEADING-MEANING"), ("注：含四季度预计", "HEADING-MEANING"), ("注：口径同上年", None), ("注：最终数据以公报为准", None),
        ("注：统计时点为2022年6月30日", "FILE-SPAN"), ("注：数据提取时间为2022年7月5日", "FILE-SPAN"), ("注：指标所属期：2022年上半年", "FILE-SPAN"), ("注：核算时期为2022年二季度", "FILE-SPAN"),
        ("注：制表时间：2022年10月15日", None), ("注：数据提取时间：2022年10月10日", None),
        ("注：绝对额以2015年不变价计算", "HEADING-MEANING"), ("注：投资口径为500万元以上项目", "HEADING-MEANING"), ("注：500万元及以上项目投资", "HEADING-MEANING"),
        ("注：统计口径为同口径", None), ("注：绝对额按现价计算，增速按不变价计算", None), ("注：新开工5000万元以上项目减少", None), ("注1：部分企业停产", None),
        ("2022年1-9月部分主要指标", "HEADING-MEANING"), ("部分主要经济指标完成情况", "HEADING-MEANING"), ("注：部分指标为初步核算数", None),
        ("注：数据来源于联网直报平台", None), ("注：基期为2021年", None), ("Note: figures are preliminary", None),
    ],
)  # fmt: skip
def test_words_of_a_title(judge_file: Judge, line: str, code: str | None) -> None:
    judged = judge_file("main_indicators", f"{line},,,\n{MAIN.format(above='', row=RETAIL)}")
    # 单位:万 is a unit that is not known, and a thousand of what is not said
    asked = [(c, cell) for _, c, cell in raised(judged)][: 1 if line == "单位:万" else None]
    assert asked == ([(code, "A1")] if code else [])
    is_note = line.lower().startswith(("注", "note", "数据", "单位：亿"))
    if not is_note and ("指标" in line or line in TITLES_ALONE):
        return
    below = judge_file("main_indicators", f"{MAIN.format(above='', row=RETAIL)}{line},,,\n")
    assert [(c, cell) for _, c, cell in raised(below)] == ([(code, "A5")] if code else [])


@pytest.mark.parametrize(
    ("line", "is_known"), [("单位：亿元/万元", False), ("单位：亿元、%", True)]
)
def test_a_unit_line_of_two_units_says_none(judge_file: Judge, line: str, is_known: bool) -> None:
    rows = ["规模以上工业增加值,—,-2.0", f"{NAME},41.82,3.6", "固定资产投资,37.66,6.6"]
    judged = judge_file(
        "main_indicators", "\n".join([f"{line},,", "指标名称,本年累计,同比增长（%）", *rows]) + "\n"
    )
    assert raised(judged) == ([] if is_known else [("reject", "UNIT-UNKNOWN", "A1")])


@pytest.mark.parametrize(
    ("title", "is_asked"),
    [
        ("科尔沁区2022年前三季度主要指标", True), ("霍林郭勒市1-9月主要经济指标", True), ("2022年前三季度奈曼旗主要指标", True), ("奈曼旗：2022年1-9月", True),
        ("通辽市经济技术开发区2022年前三季度", False), ("内蒙古自治区通辽经济技术开发区2022年1-9月", False), ("全区2022年前三季度主要指标", False), ("我市主要指标", False),
        ("开发区2022年前三季度", False), ("各地区主要指标", False), ("工业园区2022年1-9月", False), ("市场主体2022年1-9月", False), ("城镇居民2022年1-9月", False),
    ],
)  # fmt: skip
def test_a_place_that_is_not_known_is_asked_about(
    judge_file: Judge, title: str, is_asked: bool
) -> None:
    judged = judge_file("main_indicators", f"{title},,,\n{MAIN.format(above='', row=RETAIL)}")
    assert raised(judged) == ([("query", "WORDS-UNKNOWN", "A1")] if is_asked else [])


def test_a_place_is_compared_only_where_the_zone_has_a_name(judge_file: Judge) -> None:
    file = f"海宁市2022年1-9月主要指标,,,\n{MAIN.format(above='', row=RETAIL)}"
    assert raised(judge_file("main_indicators", file, zone="330481")) == []


@pytest.mark.parametrize(
    ("growth", "value"), [("↓2.0", "-2.0"), ("↑3.6", "3.6"), ("同比↓2%", "-2")]
)
def test_an_arrow_at_a_growth_is_its_sign_and_is_said(
    judge_file: Judge, growth: str, value: str
) -> None:
    judged = judge_file("main_indicators", MAIN.format(above="", row=f"{NAME},亿元,41.82,{growth}"))
    assert raised(judged) == []
    assert judged.only("VALUE-MARK").cell == "D3"
    assert growths(judged)["retail_sales"] == Decimal(value)


@pytest.mark.parametrize("level", ["①41.82", "41.82（快报）", "41.82(初步核算)", "RMB41.82", "RMB 41.82", "CNY41.82", "41亿8200万", "41亿8200万元"])  # fmt: skip
def test_ordinary_ways_to_write_a_level(judge_file: Judge, level: str) -> None:
    judged = judge_file("main_indicators", MAIN.format(above="", row=f"{NAME},亿元,{level},3.6"))
    assert raised(judged) == []
    values = {row["indicator"]: row["value"] for row in judged.accepted}
    assert values["retail_sales"] == Decimal(4182000000)
    assert growths(judged)["retail_sales"] == Decimal("3.6")


@pytest.mark.parametrize(
    "level", ["①.82", "41.82（预计）", "41亿12000万", "41万8200亿", "USD41.82"]
)
def test_a_level_that_cannot_be_told_is_held(judge_file: Judge, level: str) -> None:
    judged = judge_file("main_indicators", MAIN.format(above="", row=f"{NAME},亿元,{level},3.6"))
    assert raised(judged) == [("quarantine", "VALUE-NUMBER", "C3")]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Jan-Sep", None),
        ("January–September", None),
        ("Jan. to Sept.", None),
        ("First three quarters", None),
        ("Jan-Aug", "FILE-SPAN"),
        ("Jul-Sep", "FILE-SPAN"),
    ],
)
def test_a_heading_in_english_without_a_year(
    judge_file: Judge, heading: str, code: str | None
) -> None:
    file = MAIN.format(above="", row=RETAIL).replace("本年累计", heading)
    judged = judge_file("main_indicators", file)
    assert [c for _, c, _ in raised(judged)] == ([code] if code else [])


@pytest.mark.parametrize("ext", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(("points", "is_asked"), [(0.75, True), (3, True), (4.5, True), (9, False)])
def test_a_row_too_low_to_be_read_is_hidden(
    judge_file: Judge, ext: str, points: float, is_asked: bool
) -> None:
    file = WRITERS[ext](Sheet([HEADS, *ROWS], heights={2: points}))
    judged = judge_file("main_indicators", file, name=f"main_indicators.{ext}")
    assert [c for _, c, _ in raised(judged)] == (["ROW-HIDDEN"] if is_asked else [])


@pytest.mark.parametrize("ext", ["xlsx", "xls"])
@pytest.mark.parametrize(
    ("code", "is_asked"), [('"下降"0.0', True), ("0.00,", True), (";;;", True), ("0.00", False)]
)
def test_a_condition_that_shows_another_figure_is_asked_about(
    judge_file: Judge, ext: str, code: str, is_asked: bool
) -> None:
    file = WRITERS[ext](Sheet([HEADS, *ROWS], conditional=("C3:C4", code)))
    judged = judge_file("main_indicators", file, name=f"main_indicators.{ext}")
    assert raised(judged) == ([("query", "CELL-CONDITION", "C3")] if is_asked else [])


@pytest.mark.parametrize(
    ("cell", "is_asked"),
    [
        (Cell(3.4, shown="3.4"), False),
        (Cell(3.44, "0.0", shown="3.4"), False),
        (Cell(3.4, shown="3,4"), False),
        (Cell(0.034, "0.0%", shown="3.4%"), False),
        (Cell(-2.0, '0.0;"▲"0.0', shown="▲2.0"), False),
        (Cell(-2.0, "0.0_);(0.0)", shown="(2.0)"), False),
        (Cell(0.034, shown="3.4%"), True),
        (Cell(3.4, shown="34"), True),
        (Cell(-2.0, shown="2.0"), True),
        (Cell(2.0, shown="下降2.0"), True),
        (Cell(3.4, shown="3.4个百分点"), True),
        (Cell(3.4, shown="3.4‰"), True),
        (Cell(3.4, shown="6.3 3.4"), True),
    ],
)
def test_an_ods_that_keeps_another_figure_as_its_text_is_asked_about(
    judge_file: Judge, cell: Cell, is_asked: bool
) -> None:
    rows = [["社会消费品零售总额", "亿元", Cell(41820, "#,##0", shown="41,820"), cell, ""]]
    judged = judge_file("main_indicators", WRITERS["ods"](Sheet([HEADS, *rows])), name="m.ods")
    found = [(f.cell, f.value) for f in judged.broken("CELL-SHOWN")]
    assert [place for place, _ in found] == (["D2"] if is_asked else [])


def test_a_per_cent_of_an_ods_without_its_format_is_shown_as_one(judge_file: Judge) -> None:
    cell = Cell(0.034, kind="percentage", shown="3.4%")
    rows = [["社会消费品零售总额", "亿元", 41.82, cell, ""]]
    judged = judge_file("main_indicators", WRITERS["ods"](Sheet([HEADS, *rows])), name="m.ods")
    (row,) = judged.accepted
    assert float(row["growth_reported_pct"]) == 3.4
    assert not judged.broken("CELL-SHOWN") and not judged.broken("GROWTH-FRACTION")


@pytest.mark.parametrize("record", ["CF12", "CFEx", "CFEx+CF12"])
@pytest.mark.parametrize(
    ("code", "is_asked"),
    [('"下降"0.0', True), ("0.00,", True), (";;;", True), ("strike", True), ("0.00", False)],
)
def test_a_condition_as_excel_2007_writes_it_into_an_xls(
    judge_file: Judge, record: str, code: str, is_asked: bool
) -> None:
    sheet = Sheet([HEADS, *ROWS], conditional=("C3:C4", code), rule_record=record)
    judged = judge_file("main_indicators", WRITERS["xls"](sheet), name="main_indicators.xls")
    assert raised(judged) == ([("query", "CELL-CONDITION", "C3")] if is_asked else [])
    assert [f.further_cells for f in judged.broken("CELL-CONDITION")] == (
        ["C4"] if is_asked else []
    )


@pytest.mark.parametrize(("what", "is_asked"), [("strike", True), ("red", False)])
def test_a_condition_of_an_xls_that_strikes_a_figure_is_asked_about(
    judge_file: Judge, what: str, is_asked: bool
) -> None:
    file = WRITERS["xls"](Sheet([HEADS, *ROWS], conditional=("C3:C4", what)))
    judged = judge_file("main_indicators", file, name="main_indicators.xls")
    assert raised(judged) == ([("query", "CELL-CONDITION", "C3")] if is_asked else [])


@pytest.mark.parametrize(
    ("code", "is_asked"),
    [
        ('0.0"亿元"', True),
        ('0"元"', True),
        ('0.00"万美元"', True),
        ('0.00"万元"', False),
        ("0.00", False),
    ],
)
def test_a_number_format_of_another_unit_than_a_registers_heading(
    judge_file: Judge, code: str, is_asked: bool
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["项目名称", "项目领域", "建设阶段", "计划总投资（万元）"])
    for name in ("虚构甲", "虚构乙"):
        sheet.append([name, "工业", "开工", 100])
        sheet.cell(sheet.max_row, 4).number_format = code
    sink = io.BytesIO()
    book.save(sink)
    judged = judge_file("project_ledger", sink.getvalue(), name="project_ledger.xlsx")
    asked = [(f.severity, f.cell, f.further_cells) for f in judged.broken("CELL-UNIT")]
    assert asked == ([("query", "D2", "D3")] if is_asked else [])
